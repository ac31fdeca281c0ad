<?php
$_['heading_title']    = 'Weiterempfehlungsumfrage (Afterword)';
$_['text_extension']   = 'Erweiterungen';
$_['text_success']     = 'Die Einstellungen sind gespeichert.';
$_['text_edit']        = 'Einstellungen der Umfrage';
$_['text_inline']      = 'Auf der Erfolgsseite';
$_['text_corner']      = 'Auf der Erfolgsseite, als Karte in der Ecke';
$_['entry_status']     = 'Es wird gefragt';
$_['entry_address']    = 'Adresse Ihres Collectors';
$_['entry_survey']     = 'Umfrage';
$_['entry_moment']     = 'Wo gefragt wird';
$_['error_permission'] = 'Ihr Konto darf diese Einstellungen nicht ändern.';
$_['error_address']    = 'Die Adresse muss aussehen wie https://feedback.shop.example.';
$_['error_survey']     = 'Die Umfrage hat 1 bis 64 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche, wie auf ihrer Seite im Collector.';
