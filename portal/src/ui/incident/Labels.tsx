import { useState } from 'react';
import { Button, Input, makeStyles } from '@fluentui/react-components';
import { AddRegular, DismissRegular } from '@fluentui/react-icons';
import type { Incident } from '@api/types';
import type { IncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { tokens } from '../theme';

const useStyles = makeStyles({
  list: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '4px' },
  label: {
    display: 'inline-flex',
    alignItems: 'center',
    paddingLeft: '8px',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    fontSize: tokens.fontSizeBase200,
  },
  small: { minWidth: '22px', width: '24px', height: '22px', padding: 0 },
  input: { width: '130px' },
});

/** Tags: added by typing, taken off by their cross. */
export function Labels({ incident, actions }: { incident: Incident; actions: IncidentActions }) {
  const styles = useStyles();
  const [text, setText] = useState<string | null>(null);
  const labels = incident.properties.labels ?? [];
  const n = incident.properties.incidentNumber;
  const add = () => {
    const name = text?.trim() ?? '';
    setText(null);
    if (name === '' || labels.some((one) => one.labelName === name)) return;
    void actions.change(incident, { labels: [...labels, { labelName: name }] }, t('label.added', { n, name }));
  };
  return (
    <span className={styles.list}>
      {labels.map(({ labelName }) => (
        <span key={labelName} className={styles.label}>
          {labelName}
          <Button
            appearance="transparent"
            size="small"
            className={styles.small}
            icon={<DismissRegular fontSize={12} />}
            aria-label={t('label.remove', { name: labelName })}
            onClick={() =>
              void actions.change(incident, { labels: labels.filter((one) => one.labelName !== labelName) }, t('label.removed', { n, name: labelName }))
            }
          />
        </span>
      ))}
      {text === null ? (
        <Button
          id="field-label"
          appearance="subtle"
          size="small"
          className={styles.small}
          icon={<AddRegular fontSize={14} />}
          aria-label={t('label.add')}
          title={t('label.add')}
          onClick={() => setText('')}
        />
      ) : (
        <Input
          size="small"
          autoFocus
          className={styles.input}
          value={text}
          aria-label={t('label.name')}
          onChange={(_, data) => setText(data.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add();
            if (event.key === 'Escape') setText(null);
          }}
        />
      )}
    </span>
  );
}
