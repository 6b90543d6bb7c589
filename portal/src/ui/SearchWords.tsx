import { useEffect, useRef, useState } from 'react';
import { SearchBox, makeStyles } from '@fluentui/react-components';

const useStyles = makeStyles({ search: { width: '220px', minWidth: '120px' } });
const PAUSE_MS = 200;

interface SearchWordsProps {
  id: string;
  words: string;
  label: string;
  placeholder: string;
  onChange: (words: string) => void;
}

/** What is typed goes into the address after a short pause. */
export function SearchWords({ id, words, label, placeholder, onChange }: SearchWordsProps) {
  const styles = useStyles();
  const [text, setText] = useState(words);
  const sent = useRef(words);
  useEffect(() => {
    if (words !== sent.current) setText(words);
    sent.current = words;
  }, [words]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <SearchBox
      id={id}
      size="small"
      className={styles.search}
      placeholder={placeholder}
      aria-label={label}
      value={text}
      onChange={(_, data) => setText(data.value)}
    />
  );
}
