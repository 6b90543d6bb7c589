import { useDeferredValue, useState } from 'react';
import { Field, Input, Radio, RadioGroup, makeStyles } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { searchIncidents } from '@api/search';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { tokens } from '../theme';

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', minHeight: '168px', maxHeight: '260px', overflowY: 'auto', marginTop: '6px' },
  none: { padding: '8px 4px', color: tokens.colorNeutralForeground3 },
});

interface PickerProps {
  /** What is offered before anything is typed: related incidents, say. */
  offered: readonly { incident: Incident; note?: string }[];
  /** The one that cannot be meant. */
  not?: string;
  chosen: Incident | null;
  onChoose: (incident: Incident) => void;
}

/** Finds an incident by its number or by words; what is likely is offered at once. */
export function IncidentPicker({ offered, not, chosen, onChoose }: PickerProps) {
  const styles = useStyles();
  const [text, setText] = useState('');
  const words = useDeferredValue(text.trim());
  const { data } = useQuery({ ...searchIncidents(useWorkspace(), words), enabled: words !== '' });
  const list: readonly { incident: Incident; note?: string }[] = words === '' ? offered : (data ?? []).map((incident) => ({ incident }));
  const shown = list.filter(({ incident }) => incident.name !== not);
  return (
    <div>
      <Field label={t('picker.find')}>
        <Input autoFocus contentBefore={<SearchRegular />} value={text} onChange={(_, typed) => setText(typed.value)} />
      </Field>
      <div className={styles.list}>
        {shown.length > 0 && (
          <RadioGroup value={chosen?.name ?? ''} aria-label={t('picker.list')} onChange={(_, data) => {
            const found = shown.find(({ incident }) => incident.name === data.value);
            if (found) onChoose(found.incident);
          }}>
            {shown.map(({ incident, note }) => (
              <Radio key={incident.name} value={incident.name} label={`${incident.properties.incidentNumber} ${incident.properties.title}${note ? ` (${note})` : ''}`} />
            ))}
          </RadioGroup>
        )}
        {shown.length === 0 && <p className={styles.none}>{words === '' ? t('picker.none') : data ? t('picker.noMatch') : t('waiting')}</p>}
      </div>
    </div>
  );
}
