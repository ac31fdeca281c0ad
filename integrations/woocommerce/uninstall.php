<?php
/**
 * Deletes everything that the plugin has stored: its settings, and the times at which orders were asked about. The
 * answers are stored in the collector and stay.
 *
 * @package Afterword
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

global $wpdb;

delete_option( 'afterword_for_woocommerce' );
delete_metadata( 'post', 0, '_afterword_asked', '', true );

// WooCommerce may store orders in its own tables.
$afterword_table = $wpdb->prefix . 'wc_orders_meta';
if ( $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $afterword_table ) ) ) === $afterword_table ) {
	$wpdb->delete( $afterword_table, array( 'meta_key' => '_afterword_asked' ) );
}
