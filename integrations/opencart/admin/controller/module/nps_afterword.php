<?php
namespace Opencart\Admin\Controller\Extension\NpsAfterword\Module;

/**
 * The module's settings, and the events that it registers while it is installed.
 */
class NpsAfterword extends \Opencart\System\Engine\Controller {
	private const ROUTE = 'extension/nps_afterword/module/nps_afterword';

	/** The pattern of survey ids, the same as in the collector. */
	private const SURVEY_PATTERN = '/^[A-Za-z0-9._-]{1,64}$/D';

	public function index(): void {
		$this->load->language(self::ROUTE);

		$this->document->setTitle($this->language->get('heading_title'));

		$token = 'user_token=' . $this->session->data['user_token'];
		$modules = $this->url->link('marketplace/extension', $token . '&type=module');

		$data['breadcrumbs'] = [
			['text' => $this->language->get('text_home'), 'href' => $this->url->link('common/dashboard', $token)],
			['text' => $this->language->get('text_extension'), 'href' => $modules],
			['text' => $this->language->get('heading_title'), 'href' => $this->url->link(self::ROUTE, $token)],
		];

		$data['save'] = $this->url->link(self::ROUTE . '.save', $token);
		$data['back'] = $modules;

		$data['status'] = (bool)$this->config->get('module_nps_afterword_status');
		$data['address'] = (string)$this->config->get('module_nps_afterword_address');
		$data['survey'] = (string)($this->config->get('module_nps_afterword_survey') ?: 'post-purchase');
		$data['moment'] = (string)$this->config->get('module_nps_afterword_moment');

		$data['header'] = $this->load->controller('common/header');
		$data['column_left'] = $this->load->controller('common/column_left');
		$data['footer'] = $this->load->controller('common/footer');

		$this->response->setOutput($this->load->view(self::ROUTE, $data));
	}

	public function save(): void {
		$this->load->language(self::ROUTE);

		$json = $this->check();

		if (!$json) {
			$this->load->model('setting/setting');

			$this->model_setting_setting->editSetting('module_nps_afterword', [
				'module_nps_afterword_status'  => (int)!empty($this->request->post['module_nps_afterword_status']),
				'module_nps_afterword_address' => $this->address(),
				'module_nps_afterword_survey'  => $this->posted('survey'),
				'module_nps_afterword_moment'  => $this->posted('moment') === 'corner' ? 'corner' : 'inline',
			]);

			$json['success'] = $this->language->get('text_success');
		}

		$this->response->addHeader('Content-Type: application/json');
		$this->response->setOutput((string)json_encode($json));
	}

	/**
	 * Returns the errors of the form in the structure that OpenCart's pages show.
	 */
	private function check(): array {
		if (!$this->user->hasPermission('modify', self::ROUTE)) {
			return ['error' => ['warning' => $this->language->get('error_permission')]];
		}

		$errors = [];
		$parts = parse_url($this->address());

		if (!is_array($parts) || !in_array($parts['scheme'] ?? '', ['http', 'https'], true) || empty($parts['host']) || isset($parts['query']) || isset($parts['fragment'])) {
			$errors['address'] = $this->language->get('error_address');
		}

		if (!preg_match(self::SURVEY_PATTERN, $this->posted('survey'))) {
			$errors['survey'] = $this->language->get('error_survey');
		}

		return $errors ? ['error' => $errors] : [];
	}

	private function posted(string $name): string {
		return trim(html_entity_decode((string)($this->request->post['module_nps_afterword_' . $name] ?? ''), ENT_QUOTES, 'UTF-8'));
	}

	/**
	 * The collector's address, also if the owner pasted the address of the script.
	 */
	private function address(): string {
		return rtrim((string)preg_replace('#/afterword[^/]*\.m?js$#', '', $this->posted('address')), '/');
	}

	public function install(): void {
		$this->load->model('setting/event');

		foreach ($this->events() as [$code, $trigger, $method]) {
			$this->model_setting_event->deleteEventByCode($code);
			$this->model_setting_event->addEvent([
				'code'        => $code,
				'description' => 'Afterword: recommendation survey',
				'trigger'     => $trigger,
				'action'      => self::ROUTE . '.' . $method,
				'status'      => true,
				'sort_order'  => 1,
			]);
		}
	}

	public function uninstall(): void {
		$this->load->model('setting/event');

		foreach ($this->events() as [$code]) {
			$this->model_setting_event->deleteEventByCode($code);
		}
	}

	private function events(): array {
		return [
			['nps_afterword_remember', 'catalog/controller/checkout/success/before', 'remember'],
			['nps_afterword_show', 'catalog/view/common/success/before', 'show'],
		];
	}
}
