/**
 * uPlot formats numbers in the browser's language as soon as it is loaded, and a browser without a locale (as in
 * many containers) names one that `Intl` refuses: `en-US@posix`. Imported before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
