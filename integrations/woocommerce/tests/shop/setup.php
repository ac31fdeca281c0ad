<?php
/**
 * Sets up a WordPress with the plugin, a page for thanks, and two orders; prints their ids as JSON. With the argument
 * `uninstall` it deletes the plugin's data as WordPress does when a plugin is deleted, and prints what is left of it.
 *
 * @package Afterword
 */

// phpcs:disable -- for tests.
const PLUGIN = 'afterword-for-woocommerce/afterword-for-woocommerce.php';
$folder = getenv( 'SHOP_FOLDER' );
if ( 'uninstall' === ( $argv[1] ?? '' ) ) {
	require $folder . '/wp-load.php';
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	deactivate_plugins( PLUGIN );
	uninstall_plugin( PLUGIN );
	global $wpdb;
	$left = (int) $wpdb->get_var( "SELECT (SELECT COUNT(*) FROM $wpdb->options WHERE option_name LIKE '%afterword%') + (SELECT COUNT(*) FROM $wpdb->postmeta WHERE meta_key LIKE '%afterword%')" );
	echo wp_json_encode( array( 'left' => $left ) );
	exit;
}

( new mysqli( 'localhost', 'root', '', '', 0, getenv( 'SHOP_SOCKET' ) ) )->query( 'CREATE DATABASE shop' );
define( 'WP_INSTALLING', true );
require $folder . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter( 'pre_wp_mail', '__return_true' );
wp_install( 'Harbour & Hill', 'owner', 'owner@shop.example', false, '', getenv( 'SHOP_PASSWORD' ) );
// Not `activate_plugin`: Debian's WordPress is older than the one that the plugin asks for.
update_option( 'active_plugins', array( PLUGIN ) );
$order = fn( $status ) => wp_insert_post( array(
	'post_type'   => 'shop_order',
	'post_status' => 'publish',
	'meta_input'  => array(
		'status' => $status,
		'total'  => '129.9',
		'email'  => "$status@shop.example",
		'items'  => array( array( 'Pot', 'POT, 5"' ), array( 'Can', '' ) ),
	),
) );
echo wp_json_encode( array(
	'version' => get_bloginfo( 'version' ),
	'page'    => wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Checkout', 'post_content' => '[woocommerce_checkout]' ) ),
	'paid'    => $order( 'processing' ),
	'failed'  => $order( 'failed' ),
) );
