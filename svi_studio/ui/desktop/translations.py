"""The program's words in the user's language, as far as there are translations in resources/translations."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from svi_studio.resource_files import resource_path


def load_translations(application: QCoreApplication, locale: QLocale | None = None) -> bool:
    """Installs ``svi_LANGUAGE.qm`` and with it Qt's own words; False when there is none for this language.

    Qt's words alone are left out: buttons in another language than everything else would only confuse.
    """
    wanted = locale or QLocale()
    if not _install(application, wanted, "svi", str(resource_path("translations"))):
        return False
    _install(application, wanted, "qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return True


def _install(application: QCoreApplication, locale: QLocale, name: str, folder: str) -> bool:
    translator = QTranslator(application)
    return bool(translator.load(locale, name, "_", folder)) and bool(application.installTranslator(translator))
