<?php
/**
 * Tests the plugin with stubs of the functions of WordPress and WooCommerce that it calls: `php run.php`. Before a
 * release it is tested by hand in a real checkout, see docs/internals/RELEASING.md.
 *
 * @package Afterword
 */

// phpcs:disable -- stubs.
error_reporting( E_ALL );
set_error_handler( function ( $level, $text, $file, $line ) { throw new ErrorException( $text, 0, $level, $file, $line ); } );
define( 'ABSPATH', __DIR__ );
$hooks = array(); $options = array(); $logged = array(); $said = array(); $emails = array();
function add_action( $name, $run, $priority = 10 ) { global $hooks; $hooks[ $name ][] = $run; }
function add_filter( $name, $run ) { add_action( $name, $run ); }
function plugin_basename( $file ) { return basename( $file ); }
function get_option( $name, $usual ) { global $options; return $options[ $name ] ?? $usual; }
function get_bloginfo( $what ) { return 'Harbour &amp; Hill'; }
function wp_specialchars_decode( $text, $how ) { return htmlspecialchars_decode( $text, $how ); }
function esc_attr( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_url_raw( $text ) { return $text; }
function wp_parse_url( $text ) { return parse_url( $text ); }
function wp_json_encode( $value ) { return json_encode( $value ); }
function wp_get_script_tag( $attributes ) { return '<script async src="' . esc_attr( $attributes['src'] ) . '"></script>'; }
function wc_format_decimal( $number, $places ) { return number_format( (float) $number, $places, '.', '' ); }
function __( $text, $domain ) { return $text; }
function add_settings_error( $option, $code, $text ) { global $said; $said[] = $code; }
function wc_get_order( $id ) { global $orders; return $orders[ $id ] ?? false; }
function wc_get_orders( $query ) { global $emails; return $emails[ $query['billing_email'] ] ?? array(); }
function wc_get_logger() { return new class() { function error( $text, $about ) { global $logged; $logged[] = $text; } }; }

class Item {
	function __construct( private string $name, private ?string $code ) {}
	function get_name() { return $this->name; }
	function get_product() {
		if ( null === $this->code ) { return false; }
		return new class( $this->code ) { function __construct( private $code ) {} function get_sku() { return $this->code; } };
	}
}
class Order {
	public array $meta = array(); public int $saved = 0;
	function __construct( public int $id, public string $status = 'processing', public array $items = array(), public string $email = '' ) {}
	function get_id() { return $this->id; }
	function has_status( $states ) { return in_array( $this->status, $states, true ); }
	function get_meta( $key ) { return $this->meta[ $key ] ?? ''; }
	function update_meta_data( $key, $value ) { $this->meta[ $key ] = $value; }
	function save_meta_data() { $this->saved++; }
	function get_items() { if ( 'broken' === $this->email ) { throw new Error( 'no items' ); } return $this->items; }
	function get_shipping_country() { return ''; }
	function get_billing_country() { return 'DE'; }
	function get_order_number() { return 'A-' . $this->id; }
	function get_total() { return '129.9'; }
	function get_currency() { return 'EUR'; }
	function get_billing_email() { return $this->email; }
}

require dirname( __DIR__ ) . '/afterword-for-woocommerce.php';
use function Afterword\WooCommerce\sanitize;

$failures = 0;
function check( string $what, bool $holds ): void {
	global $failures;
	if ( ! $holds ) { $failures++; echo "FAILED: $what\n"; }
}
function shown( $id ): string {
	global $hooks;
	ob_start();
	foreach ( $hooks['woocommerce_thankyou'] as $run ) { $run( $id ); }
	return ob_get_clean();
}

$orders = array( 1 => new Order( 1, 'processing', array( new Item( 'Pot', 'POT, 5"' ), new Item( 'Can', '' ), new Item( 'Lid', null ) ), 'kim@example.org' ) );
$emails = array( 'kim@example.org' => array( 1 ) );
check( 'without an address nobody is asked', '' === shown( 1 ) && 0 === $orders[1]->saved );
$options['afterword_for_woocommerce'] = array( 'address' => 'https://feedback.shop.example', 'survey' => 'post-purchase', 'moment' => 'inline' );

$html = shown( 1 );
$attribute = fn( $name ) => preg_match( "/ $name=\"([^\"]*)\"/", $html, $found ) ? htmlspecialchars_decode( $found[1], ENT_QUOTES ) : '';
foreach ( array(
	'survey' => 'post-purchase', 'touchpoint' => 'order', 'subject' => 'Harbour & Hill', 'order-id' => 'A-1', 'order-value' => '129.90',
	'order-currency' => 'EUR', 'order-country' => 'DE', 'products' => '["POT, 5\"","Can","Lid"]', 'customer-kind' => 'new', 'mode' => '',
) as $name => $value ) {
	check( "data-$name", $attribute( "data-$name" ) === $value );
}
check( 'the script', 'https://feedback.shop.example/afterword.js' === $attribute( 'src' ) );
check( 'no name and no address of the customer', false === strpos( $html, 'kim' ) );
check( 'a reload shows it again', $html === shown( 1 ) && 1 === $orders[1]->saved );
$orders[1]->meta['_afterword_asked'] = (string) ( time() - 1801 );
check( 'half an hour later it does not', '' === shown( 1 ) );

foreach ( array( 'failed', 'cancelled', 'refunded' ) as $state ) {
	$orders[2] = new Order( 2, $state );
	check( "an order that is $state", '' === shown( 2 ) && 0 === $orders[2]->saved );
}
$orders[3] = new Order( 3, 'on-hold', array(), 'lee@example.org' );
$emails['lee@example.org'] = array( 9, 3 );
$options['afterword_for_woocommerce']['moment'] = 'corner';
check( 'a returning customer, as a card', (bool) preg_match( '/data-mode="corner".*data-customer-kind="returning"/', shown( 3 ) ) );
$orders[4] = new Order( 4, 'processing', array(), 'broken' );
check( 'an error shows nothing and is logged', '' === shown( 4 ) && array( 'The survey was not shown: no items' ) === $logged );
check( 'an order that does not exist', '' === shown( 77 ) && '' === shown( 0 ) );

$kept = fn( $given ) => sanitize( $given + array( 'survey' => 'a', 'moment' => 'inline' ) );
check( 'the address of the script', 'https://f.example' === $kept( array( 'address' => ' https://f.example/afterword.js ' ) )['address'] );
check( 'under a path', 'https://f.example/fb' === $kept( array( 'address' => 'https://f.example/fb/' ) )['address'] );
foreach ( array( 'javascript:alert(1)', 'f.example', 'https://f.example/?a', 'ftp://f.example' ) as $wrong ) {
	$said = array();
	check( $wrong, 'https://feedback.shop.example' === $kept( array( 'address' => $wrong ) )['address'] && array( 'address' ) === $said );
}
$said = array();
check( 'a survey with a space', 'post-purchase' === sanitize( array( 'address' => '', 'survey' => 'a b' ) )['survey'] && array( 'survey' ) === $said );
check( 'nothing sent', 'inline' === sanitize( null )['moment'] );

foreach ( glob( dirname( __DIR__ ) . '/languages/*.php' ) as $file ) {
	$known = ( require $file )['messages'];
	preg_match_all( "/(?:__|_e|esc_html__|esc_html_e)\( '([^']+)', 'afterword-for-woocommerce'/", file_get_contents( dirname( __DIR__ ) . '/afterword-for-woocommerce.php' ), $used );
	check( basename( $file ) . ': every text', array() === array_diff( $used[1], array_keys( $known ) ) );
	check( basename( $file ) . ': no other', array() === array_diff( array_keys( $known ), $used[1] ) );
}
echo $failures ? "$failures failed\n" : "WooCommerce plugin: all held\n";
exit( $failures ? 1 : 0 );
