<?php
/**
 * German, in the form that WordPress reads without a compiled file (since 6.5).
 *
 * @package Afterword
 */

return array(
	'domain'       => 'afterword-for-woocommerce',
	'language'     => 'de_DE',
	'plural-forms' => 'nplurals=2; plural=(n != 1);',
	'messages'     => array(
		'Recommendation survey'                            => 'Weiterempfehlungsumfrage',
		'Settings'                                         => 'Einstellungen',
		'The address has to look like https://feedback.shop.example; it was not changed.' => 'Die Adresse muss die Form https://feedback.shop.example haben; sie wurde nicht geändert.',
		'The survey’s id has 1 to 64 letters, digits, dots, hyphens and underscores; its page in the collector shows it. It was not changed.' => 'Die Kennung der Umfrage hat 1 bis 64 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche; sie steht auf der Seite der Umfrage im Collector. Sie wurde nicht geändert.',
		'On the thank-you page, above the order’s details' => 'Auf der Dankeseite, über den Angaben zur Bestellung',
		'On the thank-you page, as a card in the corner'   => 'Auf der Dankeseite, als Karte in der Ecke',
		'Address of your collector'                        => 'Adresse Ihres Collectors',
		'As long as it is empty nobody is asked.'          => 'Solange hier nichts steht, wird niemand gefragt.',
		'The survey’s id'                                  => 'Kennung der Umfrage',
		'Where it is asked'                                => 'Wo gefragt wird',
	),
);
