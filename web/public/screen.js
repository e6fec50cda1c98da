// Sets theme, density and language before the first paint; src/screen.ts writes the same key.
(() => {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem('packetboat.screen') ?? '{}');
  } catch {
    // A broken or forbidden store means the defaults.
  }
  const root = document.documentElement;
  if (kept.theme === 'light' || kept.theme === 'dark') root.dataset.theme = kept.theme;
  if (kept.density === 'compact') root.dataset.density = 'compact';
  root.lang = kept.lang === 'en' || kept.lang === 'de' ? kept.lang : navigator.language.startsWith('de') ? 'de' : 'en';
})();
