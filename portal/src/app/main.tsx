import { StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { FluentProvider, RendererProvider, createDOMRenderer } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setLanguage } from '@i18n/t';
import { THEMES } from '@ui/theme';
import './base.css';
import { handleKey } from './keys';
import { NotifyProvider } from './Notify';
import { prefs, usePrefs } from './prefs';
import { queryClient, router } from './router';
import { useThemeName } from './useTheme';

/** The server writes a fresh nonce into the page; without it Fluent's styles would be refused. */
export function nonce(): string {
  const text = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
  return text.startsWith('__') ? '' : text;
}

/** After an upgrade an old page asks for chunks that are gone: load the new one, once. */
addEventListener('vite:preloadError', () => {
  const key = 'vedette.reloaded';
  if (sessionStorage.getItem(key) === location.href) return;
  sessionStorage.setItem(key, location.href);
  location.reload();
});

function App() {
  const name = useThemeName();
  const { language } = usePrefs();
  const renderer = useMemo(() => createDOMRenderer(document, { styleElementAttributes: { nonce: nonce() } }), []);
  document.documentElement.style.colorScheme = name === 'light' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = name;
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={THEMES[name]} style={{ height: '100%', background: 'none' }}>
        <QueryClientProvider client={queryClient}>
          <NotifyProvider>
            <RouterProvider router={router} key={language} />
          </NotifyProvider>
        </QueryClientProvider>
      </FluentProvider>
    </RendererProvider>
  );
}

document.addEventListener('keydown', handleKey);
const rootElement = document.getElementById('root');
if (rootElement) {
  void setLanguage(prefs().language).then(() =>
    createRoot(rootElement).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
