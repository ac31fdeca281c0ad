<?php declare(strict_types=1);

namespace Afterword\Survey\Subscriber;

use Psr\Log\LoggerInterface;
use Shopware\Core\Framework\Struct\ArrayStruct;
use Shopware\Core\System\SystemConfig\SystemConfigService;
use Shopware\Storefront\Page\Checkout\Finish\CheckoutFinishPageLoadedEvent;
use Symfony\Component\EventDispatcher\EventSubscriberInterface;

/**
 * Hands the finish page what the survey's element says of the order; the template writes it. Whatever goes wrong: the
 * page is then as it would be without the plugin, and the log says why.
 */
class FinishPage implements EventSubscriberInterface
{
    /** Where the session keeps, by order, when it was first asked about. */
    private const ASKED = 'afterword.asked';

    /** For so many seconds after the first time a reload of the page shows the question again. */
    private const ASK_AGAIN_WITHIN = 1800;

    /** How many products an answer may name. */
    private const MAX_PRODUCTS = 50;

    public function __construct(
        private readonly SystemConfigService $settings,
        private readonly LoggerInterface $log,
    ) {
    }

    public static function getSubscribedEvents(): array
    {
        return [CheckoutFinishPageLoadedEvent::class => 'onLoaded'];
    }

    public function onLoaded(CheckoutFinishPageLoadedEvent $event): void
    {
        try {
            $channel = $event->getSalesChannelContext()->getSalesChannelId();
            $address = \rtrim($this->settings->getString('AfterwordSurvey.config.address', $channel), '/');
            $page = $event->getPage();
            if (!\preg_match('#^https?://[^\s?\#]+$#D', $address) || $page->isPaymentFailed()) {
                return;
            }
            $order = $page->getOrder();
            if ($this->isAskedBefore($event->getRequest()->getSession(), $order->getId())) {
                return;
            }
            $page->addExtension('afterword', new ArrayStruct([
                'script' => $address . '/afterword.js',
                'attributes' => \array_filter($this->about($event), static fn (string $value): bool => $value !== ''),
            ]));
        } catch (\Throwable $error) {
            $this->log->error('The survey was not shown: ' . $error->getMessage(), ['exception' => $error]);
        }
    }

    private function isAskedBefore($session, string $order): bool
    {
        $asked = (array) $session->get(self::ASKED, []);
        $first = (int) ($asked[$order] ?? 0);
        if ($first === 0) {
            // The last few are enough: the page is reached right after the order.
            $session->set(self::ASKED, \array_slice([$order => \time()] + $asked, 0, 10, true));

            return false;
        }

        return \time() - $first >= self::ASK_AGAIN_WITHIN;
    }

    /**
     * What is known about the order, by the survey's attributes. What is not known is empty: which of the order's
     * parts a page has loaded differs between releases of Shopware.
     *
     * @return array<string, string>
     */
    private function about(CheckoutFinishPageLoadedEvent $event): array
    {
        $context = $event->getSalesChannelContext();
        $order = $event->getPage()->getOrder();
        $products = [];
        foreach ($order->getLineItems() ?? [] as $item) {
            $code = $item->getPayload()['productNumber'] ?? '';
            if (\is_string($code) && $code !== '') {
                $products[$code] = $code;
            }
        }
        $products = \array_slice(\array_values($products), 0, self::MAX_PRODUCTS);
        $country = $order->getDeliveries()?->first()?->getShippingOrderAddress()?->getCountry()?->getIso()
            ?? $context->getShippingLocation()->getCountry()->getIso();
        $currency = $order->getCurrency() ?? $context->getCurrency();
        $orders = $context->getCustomer()?->getOrderCount();
        $setting = fn (string $name): string => $this->settings->getString('AfterwordSurvey.config.' . $name, $context->getSalesChannelId());

        return [
            'survey' => $setting('survey'),
            'touchpoint' => 'order',
            'subject' => (string) $this->settings->get('core.basicInformation.shopName', $context->getSalesChannelId()),
            'mode' => $setting('moment') === 'corner' ? 'corner' : '',
            'order-id' => (string) $order->getOrderNumber(),
            'order-value' => \number_format($order->getAmountTotal(), 2, '.', ''),
            'order-currency' => $currency->getIsoCode(),
            'order-country' => (string) $country,
            // As a list: a product's number may have a comma in it.
            'products' => $products ? \json_encode($products, \JSON_THROW_ON_ERROR | \JSON_UNESCAPED_UNICODE) : '',
            'customer-kind' => $orders === null ? '' : ($orders > 1 ? 'returning' : 'new'),
        ];
    }
}
