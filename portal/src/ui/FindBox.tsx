import { useEffect, useState } from 'react';
import { Input, makeStyles } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';

const useStyles = makeStyles({ box: { minWidth: '280px', maxWidth: '420px' } });

/** Words that narrow what is below: shown as they are typed and handed on at once; emptied when the page empties them. */
export function FindBox({ id, label, value, onFind }: { id?: string; label: string; value: string; onFind: (words: string) => void }) {
  const styles = useStyles();
  const [words, setWords] = useState(value);
  useEffect(() => {
    if (value === '') setWords('');
  }, [value]);
  return (
    <Input
      id={id}
      className={styles.box}
      size="small"
      contentBefore={<SearchRegular />}
      value={words}
      placeholder={label}
      aria-label={label}
      onChange={(_, typed) => {
        setWords(typed.value);
        onFind(typed.value);
      }}
    />
  );
}
