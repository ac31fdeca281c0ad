<?php declare(strict_types=1);

namespace Afterword\Survey;

use Shopware\Core\Framework\Plugin;

/**
 * The plugin's class. Its settings are in Resources/config/config.xml, its code in Subscriber/FinishPage.php.
 */
class AfterwordSurvey extends Plugin
{
}
