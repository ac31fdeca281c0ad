<?php declare(strict_types=1);

namespace Afterword\Survey;

use Shopware\Core\Framework\Plugin;

/**
 * The plugin. Its settings are in Resources/config/config.xml, its work in Subscriber/FinishPage.php.
 */
class AfterwordSurvey extends Plugin
{
}
