<?php declare(strict_types=1);
/**
 * Runs the PHP of the recipes in docs/SHOPS.md as it is printed there, with stubs of the shops' classes: `php run.php`. None of
 * the recipes has been run in a real shop.
 */
namespace Magento\Framework\Component {
    class ComponentRegistrar
    {
        const MODULE = 'module';
        public static array $registered = [];
        public static function register(string $kind, string $name, string $folder): void { self::$registered[] = "$kind $name"; }
    }
}
namespace Magento\Framework\View\Element\Block { interface ArgumentInterface {} }
namespace Magento\Checkout\Model {
    class Session
    {
        public function __construct(private $order) {}
        public function getLastRealOrder() { return $this->order; }
    }
}

namespace {
    \error_reporting(\E_ALL);
    \set_error_handler(function ($level, $text, $file, $line) { throw new \ErrorException($text, 0, $level, $file, $line); });

    $failures = 0;
    function check(string $what, bool $holds): void
    {
        global $failures;
        if (!$holds) {
            $failures++;
            \fwrite(\STDERR, "failed: $what\n");
        }
    }

    /** The code blocks of a language in a section, without their indentation. */
    function blocks(string $section, string $language): array
    {
        $docs = \file_get_contents(\dirname(__DIR__, 3) . '/docs/SHOPS.md');
        $parts = \preg_split("/^## $section$/m", $docs);
        check("the section $section", \count($parts) === 2);
        $text = \preg_split('/^## /m', $parts[1])[0];
        \preg_match_all("/^( *)```$language\n(.*?)^ *```$/ms", $text, $found, \PREG_SET_ORDER);
        return \array_map(fn ($it) => \preg_replace("/^{$it[1]}/m", '', $it[2]), $found);
    }
    /** Runs a block as a file of its own, and returns what it prints. */
    function run(string $code, array $variables = []): string
    {
        \extract($variables);
        \ob_start();
        eval('?>' . $code);
        return \ob_get_clean();
    }
    /** The attributes of the tag in a page. */
    function attributes(string $page): array
    {
        check('one script', \substr_count($page, '<script async src="https://feedback.shop.example/afterword.js"></script>') === 1);
        check('one tag', \preg_match_all('/<afterword-survey\b([^<>]*)><\/afterword-survey>/', $page, $tags) === 1);
        \preg_match_all('/\s([a-z-]+)="([^"]*)"/', $tags[1][0] ?? '', $found, \PREG_SET_ORDER);
        return \array_map(\html_entity_decode(...), \array_column($found, 2, 1));
    }
    $whole = [
        'data-survey' => 'after-the-purchase', 'data-touchpoint' => 'order', 'data-order-id' => 'A"<1>', 'data-order-value' => '1024.90',
        'data-order-currency' => 'EUR', 'data-order-country' => 'DE', 'data-products' => '["POT, blue","T\"1"]',
    ];

    // PrestaShop
    define('_PS_VERSION_', '9.0.0');
    class Module
    {
        public array $hooks = [];
        public $name, $tab, $version, $author, $ps_versions_compliancy, $displayName, $description;
        public function __construct() {}
        public function install() { return true; }
        public function registerHook(string $name) { $this->hooks[] = $name; return true; }
    }
    class Configuration { public static function get(string $name) { return ['PS_OS_ERROR' => '8', 'PS_OS_CANCELED' => '6'][$name]; } }
    class Address { public $id_country = 3; public function __construct(public $id) {} }
    class Currency { public $iso_code = 'EUR'; public function __construct(public $id) {} }
    class Country { public static function getIsoById($id) { return [3 => 'DE'][$id]; } }
    class PrestaShopLogger { public static array $said = []; public static function addLog(string $text, int $severity) { self::$said[] = $text; } }
    class PrestaShopOrder
    {
        public $reference = 'A"<1>', $total_paid = '1024.900000', $id_currency = 1, $id_address_delivery = 2;
        public function __construct(public $current_state, private $products) {}
        public function getProducts()
        {
            return $this->products ?? throw new \Exception('no products');
        }
    }
    [$code] = blocks('PrestaShop', 'php');
    run($code);
    $module = new AfterwordSurvey();
    check('PrestaShop: its hook', $module->install() && $module->hooks === ['displayOrderConfirmation']);
    $products = [['product_reference' => 'POT, blue'], ['product_reference' => ''], ['product_reference' => 'T"1']];
    $show = fn (...$order) => $module->hookDisplayOrderConfirmation(['order' => new PrestaShopOrder(...$order)]);
    check('PrestaShop: the tag', attributes($show('2', $products)) == $whole);
    check('PrestaShop: not after a failed payment', $show('8', $products) === '' && $show('6', $products) === '');
    check('PrestaShop: an error shows nothing and is logged', $show('2', null) === '' && \count(PrestaShopLogger::$said) === 1);

    // Magento
    [$registration, $model, $template] = blocks('Magento 2', 'php');
    run($registration);
    check('Magento: its name', Magento\Framework\Component\ComponentRegistrar::$registered === ['module Shop_Survey']);
    run($model);
    class Stub
    {
        public function __construct(private array $values) {}
        // As Magento, returns false for what is not there.
        public function __call(string $name, array $arguments) { return $this->values[$name] ?? false; }
    }
    class Escaper { public function escapeHtmlAttr(string $text): string { return \htmlspecialchars($text, \ENT_QUOTES); } }
    class Block { public function __construct(private $model) {} public function getData(string $name) { return $name === 'last_order' ? $this->model : null; } }
    $show = fn (array $order) => run($template, [
        'block' => new Block(new Shop\Survey\ViewModel\LastOrder(new Magento\Checkout\Model\Session(new Stub($order)))), 'escaper' => new Escaper(),
    ]);
    $items = [new Stub(['getSku' => 'POT, blue']), new Stub(['getSku' => 'T"1'])];
    $order = ['getIncrementId' => 'A"<1>', 'getGrandTotal' => '1024.9000', 'getOrderCurrencyCode' => 'EUR', 'getAllVisibleItems' => $items];
    $address = new Stub(['getCountryId' => 'DE']);
    check('Magento: the tag', attributes($show($order + ['getShippingAddress' => $address])) == $whole);
    check('Magento: nothing to ship', attributes($show($order + ['getBillingAddress' => $address])) == $whole);
    check('Magento: no order', \trim($show([])) === '');

    // Gambio
    class ShopSurvey_parent
    {
        public array $v_data_array = ['orders_id' => 400123], $html_output_array = ['<p>before</p>'];
        public function proceed() { $this->html_output_array[] = '<p>of others</p>'; }
    }
    [$code] = blocks('Gambio', 'php');
    run($code);
    $extender = new ShopSurvey();
    $extender->proceed();
    check('Gambio: what others add stays', \array_slice($extender->html_output_array, 0, 2) === ['<p>before</p>', '<p>of others</p>']);
    $expected = ['data-survey' => 'after-the-purchase', 'data-touchpoint' => 'order', 'data-order-id' => '400123'];
    check('Gambio: the tag', attributes(\end($extender->html_output_array)) == $expected);

    echo $failures ? "$failures failed\n" : "Recipes for PrestaShop, Magento and Gambio: all held\n";
    exit($failures ? 1 : 0);
}
