import { Suspense, lazy, useEffect, useMemo, useState } from 'react';
import { Button, MessageBar, MessageBarBody, Spinner, makeStyles } from '@fluentui/react-components';
import { SaveRegular } from '@fluentui/react-icons';
import { deleteDefinition, newDefinitionId, saveDefinition, type PolicyObject } from '@api/policies';
import { keepDraft, readDraft } from '@app/drafts';
import { useTitle } from '@app/hooks';
import { useKeys } from '@app/keys';
import { useSubscription, useTakeBack } from '@app/usePosture';
import { t } from '@i18n/t';
import { failureText } from '@ui/Empty';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { titleOf } from '../search';
import { DEFINITION_SCHEMA, definitionText, parsed, problemIn } from './definition';
import { TryOn } from './TryOn';

const JsonEditor = lazy(() => import('@ui/Editor/JsonEditor'));
const TYPING_MS = 500;

const useStyles = makeStyles({
  root: { flexGrow: 1, minHeight: 0, minWidth: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: '8px 12px', padding: '10px 24px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  name: { flexGrow: 1, minWidth: '200px' },
  title: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  body: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 55fr) minmax(0, 45fr)', '@media (max-width: 900px)': { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: '60vh auto', overflowY: 'auto' } },
  editor: { minHeight: 0, minWidth: 0 },
  side: { minHeight: 0, overflowY: 'auto', padding: '0 24px 24px', borderLeft: `1px solid ${tokens.colorNeutralStroke2}` },
  hint: { marginTop: '18px', color: tokens.colorNeutralForeground2 },
});

interface Props {
  /** What it is made of; a new one without. */
  one: PolicyObject | undefined;
  onSaved: (id: string) => void;
}

/** What stands in the editor after it rested, so that not every letter is tried. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

/** The text, kept in the browser until it is saved: a closed tab loses nothing. */
function useText(one: PolicyObject | undefined) {
  const key = `definition:${one?.id ?? 'new'}`;
  const [text, setText] = useState(() => definitionText(one));
  useEffect(() => {
    void readDraft<string>(key).then((kept) => kept !== undefined && setText(kept));
  }, [key]);
  const write = (next: string) => {
    setText(next);
    void keepDraft(key, next === definitionText(one) ? '' : next);
  };
  return { text, write, forget: () => keepDraft(key, '') };
}

/** A definition as JSON beside what it says of the things that are there; built-in ones become a copy of one's own. */
export function Workshop({ one, onSaved }: Props) {
  const styles = useStyles();
  const takeBack = useTakeBack();
  const subscription = useSubscription();
  const own = one !== undefined && one.properties.policyType === 'Custom';
  const { text, write, forget } = useText(one);
  const [unsaved, setUnsaved] = useState<unknown>(null);
  const [tried, setTried] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const rested = useRested(text);
  const definition = useMemo(() => parsed(rested), [rested]);
  const what = useMemo(() => ({ definition }), [definition]);
  const refusal = unsaved ?? tried;
  const message = refusal ? failureText(refusal) : '';
  const problem = useMemo(() => (message ? problemIn(text, message) : null), [message, text]);
  const edit = (next: string) => {
    setUnsaved(null);
    write(next);
  };
  const title = one ? titleOf(one) : t('definition.new');
  useTitle(title);
  const save = async () => {
    const properties = parsed(text);
    if (busy || properties === null) return;
    setBusy(true);
    const id = own ? one.id : newDefinitionId(subscription);
    try {
      await saveDefinition(id, properties);
      await forget();
      await takeBack(t('definition.saved', { name: title }), () => (own ? saveDefinition(id, parsed(definitionText(one))) : deleteDefinition(id)));
      onSaved(id);
    } catch (error) {
      setUnsaved(error);
      setBusy(false);
    }
  };
  useKeys([{ key: 'ctrl+s', label: 'definition.save', group: 'list', inInputs: true, run: () => void save() }]);
  return (
    <div className={styles.root}>
      <div className={styles.head}>
        <div className={styles.name}>
          <nav aria-label={t('breadcrumb')}>
            <TextLink to="/policies" search={{ sel: one?.id }}>
              {t('nav.policies')}
            </TextLink>
          </nav>
          <h1 className={styles.title}>{title}</h1>
        </div>
        <Button appearance="primary" size="small" icon={<SaveRegular />} disabledFocusable={busy || parsed(text) === null} onClick={() => void save()} title="Ctrl S">
          {t(own || !one ? 'definition.save' : 'definition.saveCopy')}
        </Button>
      </div>
      <div className={styles.body}>
        <div className={styles.editor}>
          <Suspense fallback={<Spinner size="small" label={t('waiting')} />}>
            <JsonEditor value={text} label={t('definition.editor')} schema={DEFINITION_SCHEMA} problem={problem} onChange={edit} />
          </Suspense>
        </div>
        <div className={styles.side} tabIndex={0} role="region" aria-label={t('try.title')}>
          {message && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody>{t('definition.refused', { line: problem?.line ?? 1, reason: message })}</MessageBarBody>
            </MessageBar>
          )}
          {definition === null ? <p className={styles.hint}>{t('definition.noJson')}</p> : <TryOn what={what} onRefused={setTried} />}
          {one && !own && <p className={styles.hint}>{t('definition.builtIn')}</p>}
        </div>
      </div>
    </div>
  );
}
