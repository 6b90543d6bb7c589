import { useEffect, useState } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { tokens } from './theme';

const useStyles = makeStyles({
  root: {
    overflowWrap: 'anywhere',
    '& p': { margin: '0 0 6px' },
    '& ul, & ol': { margin: '0 0 6px 20px', listStyleType: 'disc' },
    '& code': { fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 },
    '& pre': { overflowX: 'auto', margin: '0 0 6px' },
    '& a': { color: tokens.colorBrandForegroundLink },
  },
  plain: { whiteSpace: 'pre-wrap' },
});

/** Markdown without HTML: micromark leaves tags as text and refuses dangerous link targets. Loaded when first shown. */
export function Markdown({ text }: { text: string }) {
  const styles = useStyles();
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    void import('micromark').then(({ micromark }) => !gone && setHtml(micromark(text)));
    return () => {
      gone = true;
    };
  }, [text]);
  if (html === null) return <div className={styles.plain}>{text}</div>;
  return <div className={styles.root} dangerouslySetInnerHTML={{ __html: html }} />;
}
