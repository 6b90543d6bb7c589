import { useMemo, useState } from 'react';
import { Checkbox, Field, Input, Radio, RadioGroup, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { trialQuery, type Finding, type Suppression } from '@api/alerts';
import { useWorkspace } from '@app/hooks';
import { t, type MessageKey } from '@i18n/t';
import { failureText } from '@ui/Empty';
import { FormDialog } from '@ui/FormDialog';
import { When } from '@ui/Time';
import { tokens } from '@ui/theme';
import type { FindingActions } from '../useFindingActions';
import { ruleName } from '../groups';

const useStyles = makeStyles({
  trial: { border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, padding: '10px 12px', minHeight: '132px' },
  head: { fontWeight: tokens.fontWeightSemibold, marginBottom: '6px' },
  list: { maxHeight: '150px', overflowY: 'auto', fontSize: tokens.fontSizeBase200 },
  row: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', columnGap: '12px', padding: '2px 0' },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

const DAY = 86_400_000;
const LENGTHS = ['7', '30', '90', '0'] as const;
const SHOWN = 20;

/** What may narrow it: the plain facts of what the alert names. */
function facts(one: Finding): { field: string; value: string; text: string }[] {
  return (one.properties.entities ?? []).flatMap(({ type, $id: _, ...rest }) =>
    Object.entries(rest)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '' && entry[0] !== 'processId')
      .map(([key, value]) => ({ field: `entities.${type}.${key}`, value, text: `${type} ${key} = ${value}` })),
  );
}

/** Names stand in addresses: letters, digits and "-". */
const slug = (text: string) => text.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 50);

/** What would have vanished, from the server's own alerts, before anything is saved. */
function Trial({ rule }: { rule: Suppression }) {
  const styles = useStyles();
  const { data, error } = useQuery({ ...trialQuery(useWorkspace(), rule), placeholderData: (old) => old });
  return (
    <div className={styles.trial} aria-live="polite">
      {error && failureText(error)}
      {!data && !error && t('waiting')}
      {data && (
        <>
          <p className={styles.head}>{t('suppress.covered', { n: data.alertsCovered, of: data.alertsLookedAt })}</p>
          <ul className={styles.list} tabIndex={0} aria-label={t('suppress.list')}>
            {data.alerts.slice(0, SHOWN).map((one) => (
              <li key={one.name} className={styles.row}>
                <span className={styles.cut}>{one.properties.alertDisplayName}</span>
                <When iso={one.properties.timeGeneratedUtc} />
              </li>
            ))}
            {data.alertsCovered > SHOWN && <li>{t('suppress.more', { n: data.alertsCovered - SHOWN })}</li>}
          </ul>
        </>
      )}
    </div>
  );
}

export function SuppressDialog({ one, actions, onDone }: { one: Finding; actions: FindingActions; onDone: () => void }) {
  const all = useMemo(() => facts(one), [one]);
  const [name, setName] = useState(() => slug(t('suppress.nameOf', { rule: ruleName(one) })));
  const [fields, setFields] = useState<ReadonlySet<string>>(() => new Set(all.slice(0, 1).map((fact) => fact.field)));
  const [days, setDays] = useState<(typeof LENGTHS)[number]>('30');
  const [comment, setComment] = useState('');
  const chosen = all.filter((fact) => fields.has(fact.field));
  const rule: Suppression = {
    alertType: one.properties.alertType,
    reason: 'Other',
    comment: t('suppress.of', { title: one.properties.alertDisplayName }),
    state: 'Enabled',
    suppressionAlertsScope: chosen.length > 0 ? { allOf: chosen.map(({ field, value }) => ({ field, in: [value] })) } : undefined,
  };
  const toggle = (field: string) => setFields((old) => new Set(old.has(field) ? [...old].filter((other) => other !== field) : [...old, field]));
  return (
    <FormDialog
      title={t('suppress.title')}
      act={t('suppress.act')}
      width={640}
      ready={name.trim() !== '' && comment.trim() !== ''}
      onCancel={onDone}
      onAct={async () => {
        const expirationDateUtc = days === '0' ? undefined : new Date(Date.now() + Number(days) * DAY).toISOString();
        await actions.suppress(name.trim(), { ...rule, comment: comment.trim(), expirationDateUtc });
        onDone();
      }}
    >
      <Field label={t('suppress.name')} hint={t('suppress.nameHint')} required>
        <Input value={name} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label={t('suppress.only', { rule: ruleName(one) })}>
        <div>
          {all.map((fact) => (
            <Checkbox key={fact.field} label={fact.text} checked={fields.has(fact.field)} onChange={() => toggle(fact.field)} />
          ))}
        </div>
      </Field>
      <Trial rule={rule} />
      <Field label={t('suppress.why')} required>
        <Input value={comment} onChange={(_, data) => setComment(data.value)} />
      </Field>
      <Field label={t('suppress.until')}>
        <RadioGroup layout="horizontal" value={days} onChange={(_, data) => setDays(data.value as (typeof LENGTHS)[number])}>
          {LENGTHS.map((length) => (
            <Radio key={length} value={length} label={t(`suppress.days.${length}` as MessageKey)} />
          ))}
        </RadioGroup>
      </Field>
    </FormDialog>
  );
}
