<?php
/**
 * Plugin Name: Afterword for WooCommerce
 * Description: Asks on the thank-you page how likely your customers are to recommend you. The answers go to your own collector.
 * Version: 0.1.0
 * Requires at least: 6.5
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * License: MIT OR Apache-2.0
 * Text Domain: afterword-for-woocommerce
 * Domain Path: /languages
 *
 * One hook shows the survey; one page under WooCommerce has its settings. Customers never see an error: if anything
 * fails, the thank-you page is shown without the survey, and WooCommerce's log has the reason.
 *
 * @package Afterword
 */

namespace Afterword\WooCommerce;

defined( 'ABSPATH' ) || exit;

/** The name of the option with the settings. */
const OPTION = 'afterword_for_woocommerce';

/** The order's field with the time at which it was first asked about, in seconds since 1970. */
const ASKED = '_afterword_asked';

/** For how many seconds after the first time a reload of the page shows the question again. */
const ASK_AGAIN_WITHIN = 1800;

/** Customers are not asked about orders in these states. */
const UNASKED_STATES = array( 'failed', 'cancelled', 'refunded', 'checkout-draft' );

/** The pattern of survey ids, the same as in the collector. */
const SURVEY_PATTERN = '/^[A-Za-z0-9._-]{1,64}$/D';

add_action( 'woocommerce_thankyou', __NAMESPACE__ . '\\show', 5 );
add_action( 'admin_menu', __NAMESPACE__ . '\\add_page' );
add_action( 'admin_init', __NAMESPACE__ . '\\register' );
add_action( 'before_woocommerce_init', __NAMESPACE__ . '\\declare_compatibility' );
add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), __NAMESPACE__ . '\\link_settings' );

/**
 * The settings, with defaults for those that are not set.
 *
 * @return array{address: string, survey: string, moment: string}
 */
function settings(): array {
	$usual = array(
		'address' => '',
		'survey'  => 'post-purchase',
		'moment'  => 'inline',
	);
	return array_merge( $usual, array_intersect_key( (array) get_option( OPTION, array() ), $usual ) );
}

/**
 * Shows the survey under the thanks for an order.
 *
 * @param int|string $order_id The order's id in the database, which the hook passes.
 */
function show( $order_id ): void {
	try {
		$order = $order_id ? wc_get_order( $order_id ) : false;
		if ( ! $order || '' === settings()['address'] || ! may_ask( $order ) ) {
			return;
		}
		echo markup( $order ); // phpcs:ignore WordPress.Security.EscapeOutput -- each attribute is escaped there.
	} catch ( \Throwable $error ) {
		log_error( $error );
	}
}

/**
 * Whether to ask about the order now. Stores the time of the first call.
 *
 * @param \WC_Order $order The order.
 */
function may_ask( $order ): bool {
	if ( $order->has_status( UNASKED_STATES ) ) {
		return false;
	}
	$asked = (int) $order->get_meta( ASKED );
	if ( 0 === $asked ) {
		$order->update_meta_data( ASKED, (string) time() );
		$order->save_meta_data();
		return true;
	}
	return time() - $asked < ASK_AGAIN_WITHIN;
}

/**
 * The survey's element and the script's tag.
 *
 * @param \WC_Order $order The order.
 */
function markup( $order ): string {
	$settings = settings();
	$attributes = '';
	foreach ( about( $order ) as $name => $value ) {
		if ( '' !== $value ) {
			$attributes .= sprintf( ' data-%s="%s"', $name, esc_attr( $value ) );
		}
	}
	$script = array(
		'src'   => $settings['address'] . '/afterword.js',
		'async' => true,
	);
	// Without a margin, the next heading of some themes would touch the card.
	return '<div class="afterword-for-woocommerce" style="margin: 2em 0">'
		. '<afterword-survey' . $attributes . '></afterword-survey>'
		. wp_get_script_tag( $script )
		. '</div>';
}

/**
 * The survey's attributes for an order; unknown values are empty.
 *
 * @param \WC_Order $order The order.
 * @return array<string, string>
 */
function about( $order ): array {
	$settings = settings();
	$products = array();
	foreach ( $order->get_items() as $item ) {
		$product = is_callable( array( $item, 'get_product' ) ) ? $item->get_product() : null;
		$code    = $product ? (string) $product->get_sku() : '';
		$products[] = '' !== $code ? $code : (string) $item->get_name();
	}
	$country = (string) $order->get_shipping_country();
	return array(
		'survey'         => $settings['survey'],
		'touchpoint'     => 'order',
		'subject'        => wp_specialchars_decode( (string) get_bloginfo( 'name' ), ENT_QUOTES ),
		'mode'           => 'corner' === $settings['moment'] ? 'corner' : '',
		'order-id'       => (string) $order->get_order_number(),
		'order-value'    => (string) wc_format_decimal( $order->get_total(), 2 ),
		'order-currency' => (string) $order->get_currency(),
		'order-country'  => '' !== $country ? $country : (string) $order->get_billing_country(),
		// A JSON list, because a product's code may contain a comma.
		'products'       => $products ? (string) wp_json_encode( array_values( array_unique( $products ) ) ) : '',
		'customer-kind'  => customer_kind( $order ),
	);
}

/**
 * Whether the customer has ordered before: `new`, `returning`, or empty if it is unknown.
 *
 * @param \WC_Order $order The order.
 */
function customer_kind( $order ): string {
	$email = (string) $order->get_billing_email();
	if ( '' === $email ) {
		return '';
	}
	$orders = wc_get_orders(
		array(
			'billing_email' => $email,
			'limit'         => 2,
			'return'        => 'ids',
			'status'        => array( 'wc-processing', 'wc-completed', 'wc-on-hold' ),
		)
	);
	$others = array_diff( array_map( 'intval', (array) $orders ), array( (int) $order->get_id() ) );
	return $others ? 'returning' : 'new';
}

/**
 * Writes an error to WooCommerce's log, for the shop's owner.
 *
 * @param \Throwable $error The error.
 */
function log_error( $error ): void {
	try {
		wc_get_logger()->error( 'The survey was not shown: ' . $error->getMessage(), array( 'source' => 'afterword' ) );
	} catch ( \Throwable $second ) {
		// The page must be shown even if the log cannot be written.
		unset( $second );
	}
}

/** Declares that the plugin works with every storage of orders: it reads and writes them by WooCommerce's functions only. */
function declare_compatibility(): void {
	$features = '\\Automattic\\WooCommerce\\Utilities\\FeaturesUtil';
	if ( class_exists( $features ) ) {
		$features::declare_compatibility( 'custom_order_tables', __FILE__, true );
		$features::declare_compatibility( 'cart_checkout_blocks', __FILE__, true );
	}
}

/** Adds the page with the settings. */
function add_page(): void {
	add_submenu_page(
		'woocommerce',
		__( 'Recommendation survey', 'afterword-for-woocommerce' ),
		__( 'Recommendation survey', 'afterword-for-woocommerce' ),
		'manage_woocommerce',
		'afterword',
		__NAMESPACE__ . '\\render_page'
	);
}

/**
 * Adds a link to the settings to the list of plugins.
 *
 * @param array<string> $links The plugin's other links.
 * @return array<string>
 */
function link_settings( $links ): array {
	$page = sprintf(
		'<a href="%s">%s</a>',
		esc_url( admin_url( 'admin.php?page=afterword' ) ),
		esc_html__( 'Settings', 'afterword-for-woocommerce' )
	);
	return array_merge( array( $page ), (array) $links );
}

/** Registers the settings and the function that checks them. */
function register(): void {
	register_setting( 'afterword', OPTION, array( 'sanitize_callback' => __NAMESPACE__ . '\\sanitize' ) );
	// Everybody who may manage the shop may change the settings, not only administrators.
	add_filter( 'option_page_capability_afterword', fn() => 'manage_woocommerce' );
}

/**
 * Checks the settings before they are stored. A wrong value is reported, and the stored one stays.
 *
 * @param mixed $given The values of the form.
 * @return array{address: string, survey: string, moment: string}
 */
function sanitize( $given ): array {
	$given    = (array) $given;
	$settings = settings();
	$address  = trim( (string) ( $given['address'] ?? '' ) );
	// People paste the address of the script, or of a page.
	$address = rtrim( (string) preg_replace( '#/afterword[^/]*\.m?js$#', '', $address ), '/' );
	$parts   = wp_parse_url( $address );
	$is_good = is_array( $parts ) && in_array( $parts['scheme'] ?? '', array( 'http', 'https' ), true )
		&& ! empty( $parts['host'] ) && ! isset( $parts['query'] ) && ! isset( $parts['fragment'] );
	if ( '' === $address || $is_good ) {
		$settings['address'] = esc_url_raw( $address );
	} else {
		add_settings_error( OPTION, 'address', __( 'The address has to look like https://feedback.shop.example; it was not changed.', 'afterword-for-woocommerce' ) );
	}
	$survey = trim( (string) ( $given['survey'] ?? '' ) );
	if ( preg_match( SURVEY_PATTERN, $survey ) ) {
		$settings['survey'] = $survey;
	} else {
		add_settings_error( OPTION, 'survey', __( 'The survey’s id has 1 to 64 letters, digits, dots, hyphens and underscores; its page in the collector shows it. It was not changed.', 'afterword-for-woocommerce' ) );
	}
	$settings['moment'] = 'corner' === ( $given['moment'] ?? '' ) ? 'corner' : 'inline';
	return $settings;
}

/** The page with the settings. */
function render_page(): void {
	$settings = settings();
	$moments  = array(
		'inline' => __( 'On the thank-you page, above the order’s details', 'afterword-for-woocommerce' ),
		'corner' => __( 'On the thank-you page, as a card in the corner', 'afterword-for-woocommerce' ),
	);
	?>
	<div class="wrap">
		<h1><?php esc_html_e( 'Recommendation survey', 'afterword-for-woocommerce' ); ?></h1>
		<?php settings_errors(); // Without a name, so that WordPress says also that the settings were saved. ?>
		<form method="post" action="options.php">
			<?php settings_fields( 'afterword' ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="afterword-address"><?php esc_html_e( 'Address of your collector', 'afterword-for-woocommerce' ); ?></label></th>
					<td>
						<input type="url" class="regular-text" id="afterword-address" name="<?php echo esc_attr( OPTION ); ?>[address]" value="<?php echo esc_attr( $settings['address'] ); ?>" placeholder="https://feedback.shop.example" aria-describedby="afterword-address-hint">
						<p class="description" id="afterword-address-hint"><?php esc_html_e( 'As long as it is empty nobody is asked.', 'afterword-for-woocommerce' ); ?></p>
					</td>
				</tr>
				<tr>
					<th scope="row"><label for="afterword-survey"><?php esc_html_e( 'The survey’s id', 'afterword-for-woocommerce' ); ?></label></th>
					<td><input type="text" class="regular-text" id="afterword-survey" name="<?php echo esc_attr( OPTION ); ?>[survey]" value="<?php echo esc_attr( $settings['survey'] ); ?>" required></td>
				</tr>
				<tr>
					<th scope="row"><label for="afterword-moment"><?php esc_html_e( 'Where it is asked', 'afterword-for-woocommerce' ); ?></label></th>
					<td>
						<select id="afterword-moment" name="<?php echo esc_attr( OPTION ); ?>[moment]">
							<?php foreach ( $moments as $moment => $name ) : ?>
								<option value="<?php echo esc_attr( $moment ); ?>" <?php selected( $settings['moment'], $moment ); ?>><?php echo esc_html( $name ); ?></option>
							<?php endforeach; ?>
						</select>
					</td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}
