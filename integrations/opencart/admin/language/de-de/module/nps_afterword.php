<?php
$_['heading_title']    = 'Weiterempfehlungsumfrage (Afterword)';
$_['text_extension']   = 'Erweiterungen';
$_['text_success']     = 'Die Einstellungen wurden gespeichert.';
$_['text_edit']        = 'Einstellungen der Umfrage';
$_['text_inline']      = 'Auf der Erfolgsseite';
$_['text_corner']      = 'Auf der Erfolgsseite, als Karte in der Ecke';
$_['entry_status']     = 'Es wird gefragt';
$_['entry_address']    = 'Adresse Ihres Collectors';
$_['entry_survey']     = 'Kennung der Umfrage';
$_['entry_moment']     = 'Wo gefragt wird';
$_['error_permission'] = 'Ihr Konto darf diese Einstellungen nicht ändern.';
$_['error_address']    = 'Die Adresse muss die Form https://feedback.shop.example haben.';
$_['error_survey']     = 'Die Kennung der Umfrage hat 1 bis 64 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche; sie steht auf der Seite der Umfrage im Collector.';
