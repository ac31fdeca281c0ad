<?php
/**
 * German, in the form that WordPress reads without a compiled file (since 6.5).
 *
 * @package Afterword
 */

return array(
	'domain'       => 'afterword-for-woocommerce',
	'language'     => 'de_DE_formal',
	'plural-forms' => 'nplurals=2; plural=(n != 1);',
	'messages'     => array(
		'Recommendation survey'                            => 'Weiterempfehlungsumfrage',
		'Settings'                                         => 'Einstellungen',
		'The address has to look like https://feedback.shop.example; it was not changed.' => 'Die Adresse muss aussehen wie https://feedback.shop.example; sie wurde nicht geändert.',
		'The survey has 1 to 64 letters, digits, dots, hyphens and underscores, as on its page in the collector; it was not changed.' => 'Die Umfrage hat 1 bis 64 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche, wie auf ihrer Seite im Collector; sie wurde nicht geändert.',
		'On the thank-you page, above the order’s details' => 'Auf der Dankesseite, über den Angaben zur Bestellung',
		'On the thank-you page, as a card in the corner'   => 'Auf der Dankesseite, als Karte in der Ecke',
		'Address of your collector'                        => 'Adresse Ihres Collectors',
		'As long as it is empty nobody is asked.'          => 'Solange hier nichts steht, wird niemand gefragt.',
		'Survey'                                           => 'Umfrage',
		'Where it is asked'                                => 'Wo gefragt wird',
	),
);
