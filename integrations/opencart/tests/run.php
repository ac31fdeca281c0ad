<?php
/**
 * Tests the extension with stubs of the OpenCart classes that it calls: `php run.php`. Before a release it is tested by
 * hand in OpenCart itself, see docs/internals/RELEASING.md.
 */
namespace Opencart\System\Engine {
	class Controller {
		public $session, $config, $load, $currency, $log, $model_checkout_order, $model_setting_event, $model_setting_setting;
		public $request, $response, $language, $user, $url, $document;
	}
}

namespace {
	error_reporting(E_ALL);
	set_error_handler(function ($level, $text, $file, $line) { throw new ErrorException($text, 0, $level, $file, $line); });
	require dirname(__DIR__) . '/catalog/controller/module/nps_afterword.php';
	require dirname(__DIR__) . '/admin/controller/module/nps_afterword.php';

	/** An object with the given methods and values. It records all calls. */
	#[AllowDynamicProperties]
	class Stub {
		public array $data = [];
		public array $said = [];
		public function __construct(private array $methods = []) {}
		public function __call($name, $arguments) {
			$this->said[] = [$name, $arguments];
			return isset($this->methods[$name]) ? $this->methods[$name](...$arguments) : null;
		}
	}

	$failures = 0;
	function check(string $what, bool $holds): void {
		global $failures;
		if (!$holds) { $failures++; echo "FAILED: $what\n"; }
	}

	$settings = [
		'module_nps_afterword_status' => 1, 'module_nps_afterword_address' => 'https://feedback.shop.example/',
		'module_nps_afterword_survey' => 'post-purchase', 'module_nps_afterword_moment' => 'inline', 'config_name' => 'Harbour &amp; Hill',
	];
	$order = ['order_id' => 7, 'order_status_id' => 1, 'total' => '100.0000', 'currency_value' => '1.299', 'currency_code' => 'EUR', 'shipping_iso_code_2' => '', 'payment_iso_code_2' => 'DE'];
	$products = [['model' => 'POT, 5&quot;'], ['model' => 'Can'], ['model' => 'Can']];

	function shop(): Opencart\Catalog\Controller\Extension\NpsAfterword\Module\NpsAfterword {
		$shop = new Opencart\Catalog\Controller\Extension\NpsAfterword\Module\NpsAfterword();
		$shop->session = new Stub();
		$shop->config = new Stub(['get' => fn($name) => $GLOBALS['settings'][$name] ?? null]);
		$shop->load = new Stub();
		$shop->log = new Stub();
		$shop->currency = new Stub(['getDecimalPlace' => fn($code) => '2']);
		$shop->model_checkout_order = new Stub(['getOrder' => fn($id) => $GLOBALS['order'], 'getProducts' => fn($id) => $GLOBALS['products']]);
		return $shop;
	}
	/** The text that the extension adds to the page, for the order in the session. */
	function page($shop): string {
		$route = 'checkout/success'; $arguments = []; $data = ['text_message' => '<p>Thanks</p>'];
		$shop->remember($route, $arguments);
		unset($shop->session->data['order_id']);
		$route = 'common/success';
		$shop->show($route, $data);
		check('the page keeps its text', str_starts_with($data['text_message'], '<p>Thanks</p>'));
		return substr($data['text_message'], strlen('<p>Thanks</p>'));
	}

	$shop = shop();
	check('a success page of something else', page($shop) === '');
	$shop->session->data['order_id'] = 7;
	$html = page($shop);
	$attribute = fn($name) => preg_match("/ $name=\"([^\"]*)\"/", $html, $found) ? htmlspecialchars_decode($found[1], ENT_QUOTES) : '';
	foreach ([
		'data-survey' => 'post-purchase', 'data-touchpoint' => 'order', 'data-subject' => 'Harbour & Hill', 'data-order-id' => '7', 'data-order-value' => '129.90',
		'data-order-currency' => 'EUR', 'data-order-country' => 'DE', 'data-products' => '["POT, 5\"","Can"]', 'data-mode' => '', 'src' => 'https://feedback.shop.example/afterword.js',
	] as $name => $value) {
		check($name, $attribute($name) === $value);
	}
	check('once', page($shop) === '');

	foreach ([['order_status_id', 0], ['order_id', null]] as [$key, $value]) {
		$shop = shop(); $shop->session->data['order_id'] = 7; $kept = $order;
		$order = $key === 'order_id' ? [] : [$key => $value] + $order;
		check("an order that was not completed: $key", page($shop) === '');
		$order = $kept;
	}
	foreach (['module_nps_afterword_status' => 0, 'module_nps_afterword_address' => ''] as $name => $value) {
		$kept = $settings; $settings[$name] = $value; $shop = shop(); $shop->session->data['order_id'] = 7;
		check("$name is off", page($shop) === '');
		$settings = $kept;
	}
	$shop = shop(); $shop->session->data['order_id'] = 7;
	$shop->model_checkout_order = new Stub(['getOrder' => fn() => throw new Error('no table')]);
	check('an error shows the page as it was', page($shop) === '');
	check('and is logged', str_contains(json_encode($shop->log->said), 'no table'));

	$admin = new Opencart\Admin\Controller\Extension\NpsAfterword\Module\NpsAfterword();
	$admin->load = new Stub(); $admin->model_setting_event = new Stub(); $admin->user = new Stub(['hasPermission' => fn() => true]);
	$admin->language = new Stub(['get' => fn($key) => $key]);
	$admin->install();
	foreach ($admin->model_setting_event->said as [$name, $arguments]) {
		$code = $name === 'addEvent' ? $arguments[0]['code'] : $arguments[0];
		check("$code begins with neither after nor before", !preg_match('/^(after|before)/', $code));
	}
	$actions = array_filter($admin->model_setting_event->said, fn($said) => $said[0] === 'addEvent');
	foreach ($actions as [, [$event]]) {
		[, $method] = explode('.', $event['action']);
		check("the event's method $method", method_exists($shop, $method));
	}
	check('two events', count($actions) === 2);
	$save = function (array $posted) use ($admin): array {
		$admin->request = new Stub(); $admin->request->post = $posted;
		$admin->response = new Stub(); $admin->model_setting_setting = new Stub();
		$admin->save();
		return [json_decode($admin->response->said[1][1][0], true), $admin->model_setting_setting->said[0][1][1] ?? null];
	};
	[$said, $kept] = $save(['module_nps_afterword_status' => '1', 'module_nps_afterword_address' => ' https://f.example/afterword.js', 'module_nps_afterword_survey' => 'a', 'module_nps_afterword_moment' => 'corner']);
	check('it is saved', isset($said['success']) && $kept['module_nps_afterword_address'] === 'https://f.example' && $kept['module_nps_afterword_moment'] === 'corner');
	[$said, $kept] = $save(['module_nps_afterword_address' => 'javascript:x', 'module_nps_afterword_survey' => 'a b']);
	check('what is wrong is said and not saved', array_keys($said['error']) === ['address', 'survey'] && $kept === null);
	[$said, $kept] = $save([]);
	check('nothing sent', array_keys($said['error']) === ['address', 'survey'] && $kept === null);

	$texts = [];
	foreach (['en-gb', 'de-de'] as $language) {
		$_ = [];
		require dirname(__DIR__) . "/admin/language/$language/module/nps_afterword.php";
		$texts[$language] = array_keys($_);
	}
	check('both languages have the same texts', $texts['en-gb'] === $texts['de-de']);
	echo $failures ? "$failures failed\n" : "OpenCart extension: all held\n";
	exit($failures ? 1 : 0);
}
