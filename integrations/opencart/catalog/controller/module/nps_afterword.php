<?php
namespace Opencart\Catalog\Controller\Extension\NpsAfterword\Module;

/**
 * Shows the survey on the success page of an order. Two events call it: `remember` runs before the page's controller,
 * while the order's number is still in the session, and `show` runs before the page's template is rendered. OpenCart
 * then removes the number from the session, so each order is asked about once.
 *
 * An uncaught error would break the success page, so every error is written to OpenCart's error log and the page is
 * shown without the survey.
 *
 * The extension's code must not begin with "after" or "before": OpenCart finds events by patterns such as
 * `language/ * /after` (without the spaces), which match anywhere in a route.
 */
class NpsAfterword extends \Opencart\System\Engine\Controller {
	/** The session's key with the order's number between the two events. */
	private const KEPT = 'nps_afterword_order';

	/** The largest number of products in an answer. */
	private const MAX_PRODUCTS = 50;

	/**
	 * `catalog/controller/checkout/success/before`: stores the order's number, which OpenCart is about to remove.
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

			// An order without a status was not completed, for example because the payment failed.
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
	 * The survey's attributes for the order; unknown values are empty.
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
			// A JSON list, because a product's code may contain a comma.
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
			// The page must be shown even if the log cannot be written.
		}
	}
}
