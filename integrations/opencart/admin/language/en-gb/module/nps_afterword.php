<?php
$_['heading_title']    = 'Recommendation survey (Afterword)';
$_['text_extension']   = 'Extensions';
$_['text_success']     = 'The settings are saved.';
$_['text_edit']        = 'Settings of the survey';
$_['text_inline']      = 'On the success page';
$_['text_corner']      = 'On the success page, as a card in the corner';
$_['entry_status']     = 'Customers are asked';
$_['entry_address']    = 'Address of your collector';
$_['entry_survey']     = 'The survey’s id';
$_['entry_moment']     = 'Where it is asked';
$_['error_permission'] = 'Your account may not change these settings.';
$_['error_address']    = 'The address has to look like https://feedback.shop.example.';
$_['error_survey']     = 'The survey’s id has 1 to 64 letters, digits, dots, hyphens and underscores; its page in the collector shows it.';
