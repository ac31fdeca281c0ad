<?php
/**
 * Formal German: all words of the plugin are formal already, so they are those of de_DE.
 *
 * @package Afterword
 */

return array( 'language' => 'de_DE_formal' ) + require __DIR__ . '/afterword-for-woocommerce-de_DE.l10n.php';
