<?php declare(strict_types=1);
/**
 * Tests the subscriber with stubs of the Shopware classes that it uses: `php run.php`. Neither the plugin nor its
 * template has been tested in a real Shopware, see docs/internals/RELEASING.md.
 */
namespace Psr\Log { interface LoggerInterface {} }
namespace Symfony\Component\EventDispatcher { interface EventSubscriberInterface {} }
namespace Shopware\Core\Framework { class Plugin {} }
namespace Shopware\Core\Framework\Struct { class ArrayStruct { public function __construct(public array $values) {} } }
namespace Shopware\Core\System\SystemConfig {
    class SystemConfigService
    {
        public function __construct(public array $values) {}
        public function get(string $key, ?string $channel = null) { return $this->values[$key] ?? null; }
        public function getString(string $key, ?string $channel = null): string { return (string) $this->get($key, $channel); }
    }
}
namespace Shopware\Storefront\Page\Checkout\Finish {
    class CheckoutFinishPageLoadedEvent
    {
        public function __construct(private $page, private $context, private $request) {}
        public function getPage() { return $this->page; }
        public function getSalesChannelContext() { return $this->context; }
        public function getRequest() { return $this->request; }
    }
}

namespace {
    use Afterword\Survey\Subscriber\FinishPage;
    use Shopware\Core\System\SystemConfig\SystemConfigService;
    use Shopware\Storefront\Page\Checkout\Finish\CheckoutFinishPageLoadedEvent;

    \error_reporting(\E_ALL);
    \set_error_handler(function ($level, $text, $file, $line) { throw new \ErrorException($text, 0, $level, $file, $line); });
    require \dirname(__DIR__) . '/src/AfterwordSurvey.php';
    require \dirname(__DIR__) . '/src/Subscriber/FinishPage.php';

    /** An object whose `getX()` and `isX()` return the value `x`. */
    class Stub
    {
        public array $added = [];
        public function __construct(private array $values = []) {}
        public function __call(string $name, array $arguments) { return $this->values[\lcfirst(\preg_replace('/^(get|is)/', '', $name))] ?? null; }
        public function addExtension(string $name, $struct): void { $this->added[$name] = $struct->values; }
    }
    class Session
    {
        public array $kept = [];
        public function get(string $name, $usual) { return $this->kept[$name] ?? $usual; }
        public function set(string $name, $value): void { $this->kept[$name] = $value; }
    }
    class Log implements \Psr\Log\LoggerInterface
    {
        public array $said = [];
        public function error(string $text, array $about): void { $this->said[] = $text; }
    }

    $failures = 0;
    function check(string $what, bool $holds): void
    {
        global $failures;
        if (!$holds) { ++$failures; echo "FAILED: $what\n"; }
    }
    $settings = ['AfterwordSurvey.config.address' => 'https://feedback.shop.example/', 'AfterwordSurvey.config.survey' => 'post-purchase', 'core.basicInformation.shopName' => 'Harbour & Hill'];
    $item = fn (array $payload) => new Stub(['payload' => $payload]);
    $iso = fn (string $code) => new Stub(['country' => new Stub(['iso' => $code])]);
    $whole = [
        'id' => 'f00', 'orderNumber' => '10001', 'amountTotal' => 129.9, 'lineItems' => [$item(['productNumber' => 'POT, 5"']), $item(['productNumber' => 'CAN']), $item([])],
        'deliveries' => new Stub(), 'currency' => new Stub(['isoCode' => 'EUR']),
    ];
    $context = new Stub(['salesChannelId' => 'c', 'shippingLocation' => $iso('DE'), 'currency' => new Stub(['isoCode' => 'CHF']), 'customer' => new Stub(['orderCount' => 2])]);
    $log = new Log();
    /** The survey that the subscriber adds to the page. */
    $load = function (array $order, ?Session $session = null, bool $failed = false, ?array $with = null) use ($settings, $context, $log): ?array {
        $page = new Stub(['order' => new Stub($order), 'paymentFailed' => $failed]);
        $event = new CheckoutFinishPageLoadedEvent($page, $context, new Stub(['session' => $session ?? new Session()]));
        (new FinishPage(new SystemConfigService($with ?? $settings), $log))->onLoaded($event);

        return $page->added['afterword'] ?? null;
    };

    $shown = $load($whole);
    check('the script', $shown['script'] === 'https://feedback.shop.example/afterword.js');
    check('what is known', $shown['attributes'] === [
        'survey' => 'post-purchase', 'touchpoint' => 'order', 'subject' => 'Harbour & Hill', 'order-id' => '10001', 'order-value' => '129.90', 'order-currency' => 'EUR',
        'order-country' => 'DE', 'products' => '["POT, 5\"","CAN"]', 'customer-kind' => 'returning',
    ]);
    $shown = $load(['currency' => null, 'lineItems' => null, 'deliveries' => null] + $whole);
    check('parts that are not loaded', $shown['attributes']['order-currency'] === 'CHF' && !isset($shown['attributes']['products']));
    check('a failed payment', $load($whole, null, true) === null);
    foreach (['', 'javascript:alert(1)', 'https://a b'] as $address) {
        check("the address $address", $load($whole, null, false, ['AfterwordSurvey.config.address' => $address]) === null);
    }
    $session = new Session();
    check('a reload shows it again', $load($whole, $session) !== null && $load($whole, $session) !== null);
    $session->kept['afterword.asked']['f00'] = \time() - 1801;
    check('half an hour later it does not', $load($whole, $session) === null);
    check('another order', $load(['id' => 'f01'] + $whole, $session) !== null);
    check('an error shows nothing and is logged', $load(['lineItems' => 'none'] + $whole) === null && \count($log->said) === 1);
    check('composer.json', \json_decode(\file_get_contents(\dirname(__DIR__) . '/composer.json'), true) !== null);
    echo $failures ? "$failures failed\n" : "Shopware plugin: all held\n";
    exit($failures ? 1 : 0);
}
