<?php declare(strict_types=1);

namespace Afterword\Survey\Subscriber;

use Psr\Log\LoggerInterface;
use Shopware\Core\Framework\Struct\ArrayStruct;
use Shopware\Core\System\SystemConfig\SystemConfigService;
use Shopware\Storefront\Page\Checkout\Finish\CheckoutFinishPageLoadedEvent;
use Symfony\Component\EventDispatcher\EventSubscriberInterface;

/**
 * Adds the survey's attributes to the finish page; the template writes its element. If anything fails, the page is
 * shown without the survey, and the log has the reason.
 */
class FinishPage implements EventSubscriberInterface
{
    /** The session's key with the times at which orders were first asked about, by the order's id. */
    private const ASKED = 'afterword.asked';

    /** For how many seconds after the first time a reload of the page shows the question again. */
    private const ASK_AGAIN_WITHIN = 1800;

    /** The largest number of products in an answer. */
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
            // The last ten are enough, since the page is opened right after the order.
            $session->set(self::ASKED, \array_slice([$order => \time()] + $asked, 0, 10, true));

            return false;
        }

        return \time() - $first >= self::ASK_AGAIN_WITHIN;
    }

    /**
     * The survey's attributes for the order; unknown values are empty. Releases of Shopware differ in the parts of the
     * order that the page has loaded.
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
            // A JSON list, because a product's number may contain a comma.
            'products' => $products ? \json_encode($products, \JSON_THROW_ON_ERROR | \JSON_UNESCAPED_UNICODE) : '',
            'customer-kind' => $orders === null ? '' : ($orders > 1 ? 'returning' : 'new'),
        ];
    }
}
