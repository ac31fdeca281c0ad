<?php
/**
 * As much of WooCommerce as the plugin meets, for a real WordPress: orders that are kept as WordPress keeps posts, the
 * menu, the right to manage a shop, and a page that runs the hook with the order of its address. It belongs into
 * `mu-plugins`.
 *
 * @package Afterword
 */

// phpcs:disable -- for tests.
add_action( 'init', function () {
	register_post_type( 'shop_order' );
	get_role( 'administrator' )?->add_cap( 'manage_woocommerce' );
	add_shortcode( 'woocommerce_checkout', function () {
		ob_start();
		echo '<p>Thank you. Your order has been received.</p>';
		do_action( 'woocommerce_thankyou', absint( $_GET['order-received'] ?? 0 ) );
		echo '<h2>Order details</h2>';
		return ob_get_clean();
	} );
} );
add_action( 'admin_menu', function () {
	add_menu_page( 'WooCommerce', 'WooCommerce', 'manage_woocommerce', 'woocommerce', '__return_null' );
}, 9 );

class Shop_Item {
	function __construct( private array $data ) {}
	function get_name() { return $this->data[0]; }
	function get_product() { return $this; }
	function get_sku() { return $this->data[1]; }
}

class WC_Order {
	private array $unsaved = array();
	function __construct( private WP_Post $post ) {}
	private function about( $name ) { return get_post_meta( $this->post->ID, $name, true ); }
	function get_id() { return $this->post->ID; }
	function get_order_number() { return (string) $this->post->ID; }
	function has_status( $states ) { return in_array( $this->about( 'status' ), (array) $states, true ); }
	function get_meta( $name ) { return $this->about( $name ); }
	function update_meta_data( $name, $value ) { $this->unsaved[ $name ] = $value; }
	function save_meta_data() { foreach ( $this->unsaved as $name => $value ) { update_post_meta( $this->post->ID, $name, $value ); } }
	function get_items() { return array_map( fn( $data ) => new Shop_Item( $data ), $this->about( 'items' ) ); }
	function get_total() { return $this->about( 'total' ); }
	function get_currency() { return 'EUR'; }
	function get_shipping_country() { return ''; }
	function get_billing_country() { return 'DE'; }
	function get_billing_email() { return $this->about( 'email' ); }
}

function wc_get_order( $id ) {
	$post = get_post( $id );
	return $post && 'shop_order' === $post->post_type ? new WC_Order( $post ) : false;
}
function wc_get_orders( $query ) {
	$orders = get_posts( array( 'post_type' => 'shop_order', 'post_status' => 'any', 'numberposts' => $query['limit'], 'fields' => 'ids', 'meta_key' => 'email', 'meta_value' => $query['billing_email'] ) );
	return $orders;
}
function wc_format_decimal( $number, $places ) { return number_format( (float) $number, $places, '.', '' ); }
function wc_get_logger() {
	return new class() { function error( $text, $about ) { error_log( $text ); } };
}
