<?php
namespace Opencart\Catalog\Controller\Extension\NpsAfterword\Module;

/**
 * Shows the survey on the success page of an order. Two events call it: before the page is made, when the order's
 * number is still in the session, and before the page's template is rendered. An order is asked about once, since
 * OpenCart takes its number out of the session.
 *
 * An error here would stop the page: whatever goes wrong is written to OpenCart's error log, and the page is shown.
 *
 * The extension's code must not begin with "after" or "before": OpenCart finds events by patterns such as
 * `language/ * /after` (without the spaces), which match anywhere in a route.
 */
class NpsAfterword extends \Opencart\System\Engine\Controller {
	/** Where the session keeps the order between the two events. */
	private const KEPT = 'nps_afterword_order';

	/** How many products an answer may name. */
	private const MAX_PRODUCTS = 50;

	/**
	 * `catalog/controller/checkout/success/before`: keeps the order's number, which the page is about to drop.
	 */
	public function remember(string &$route, array &$args): void {
		unset($this->session->data[self::KEPT]);

		if (isset($this->session->data['order_id'])) {
			$this->session->data[self::KEPT] = (int)$this->session->data['order_id'];
		}
	}

	/**
	 * `catalog/view/common/success/before`: adds the survey to the page's text.
	 */
	public function show(string &$route, array &$data): void {
		try {
			$order_id = (int)($this->session->data[self::KEPT] ?? 0);
			unset($this->session->data[self::KEPT]);

			if (!$order_id || !$this->config->get('module_nps_afterword_status') || !$this->address()) {
				return;
			}

			$this->load->model('checkout/order');

			$order = $this->model_checkout_order->getOrder($order_id);

			// Without a state the order was not completed, be it that the payment failed.
			if (!$order || empty($order['order_status_id'])) {
				return;
			}

			$products = $this->model_checkout_order->getProducts($order_id);

			$data['text_message'] = ($data['text_message'] ?? '') . $this->markup($this->about($order, $products));
		} catch (\Throwable $error) {
			$this->report($error);
		}
	}

	private function address(): string {
		return rtrim((string)$this->config->get('module_nps_afterword_address'), '/');
	}

	/**
	 * What is known about the order, by the survey's attributes. What is not known is empty.
	 */
	private function about(array $order, array $products): array {
		$codes = [];

		foreach ($products as $product) {
			$code = html_entity_decode((string)($product['model'] ?? ''), ENT_QUOTES, 'UTF-8');

			if ($code !== '' && !in_array($code, $codes, true)) {
				$codes[] = $code;
			}
		}

		$codes = array_slice($codes, 0, self::MAX_PRODUCTS);
		$value = (float)$order['total'] * (float)$order['currency_value'];
		$places = (int)$this->currency->getDecimalPlace($order['currency_code']);

		return [
			'survey'         => (string)$this->config->get('module_nps_afterword_survey'),
			'touchpoint'     => 'order',
			'subject'        => html_entity_decode((string)$this->config->get('config_name'), ENT_QUOTES, 'UTF-8'),
			'mode'           => $this->config->get('module_nps_afterword_moment') === 'corner' ? 'corner' : '',
			'order-id'       => (string)$order['order_id'],
			'order-value'    => number_format($value, $places, '.', ''),
			'order-currency' => (string)$order['currency_code'],
			'order-country'  => (string)(($order['shipping_iso_code_2'] ?? '') ?: ($order['payment_iso_code_2'] ?? '')),
			// As a list: a product's code may have a comma in it.
			'products'       => $codes ? (string)json_encode($codes, JSON_UNESCAPED_UNICODE) : '',
		];
	}

	private function markup(array $attributes): string {
		$html = '<div style="margin: 2em 0"><afterword-survey';

		foreach ($attributes as $name => $value) {
			if ($value !== '') {
				$html .= ' data-' . $name . '="' . htmlspecialchars($value, ENT_QUOTES, 'UTF-8') . '"';
			}
		}

		$src = htmlspecialchars($this->address() . '/afterword.js', ENT_QUOTES, 'UTF-8');

		return $html . '></afterword-survey><script async src="' . $src . '"></script></div>';
	}

	private function report(\Throwable $error): void {
		try {
			$this->log->write('nps_afterword: the survey was not shown: ' . $error->getMessage());
		} catch (\Throwable $second) {
			// Without a log the page is still to be shown.
		}
	}
}
