<?php
/**
 * Leaves nothing behind: neither the settings nor when orders were asked about. The answers are the collector's.
 *
 * @package Afterword
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

global $wpdb;

delete_option( 'afterword_for_woocommerce' );
delete_metadata( 'post', 0, '_afterword_asked', '', true );

// Where WooCommerce keeps orders in tables of its own.
$afterword_table = $wpdb->prefix . 'wc_orders_meta';
if ( $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $afterword_table ) ) ) === $afterword_table ) {
	$wpdb->delete( $afterword_table, array( 'meta_key' => '_afterword_asked' ) );
}
