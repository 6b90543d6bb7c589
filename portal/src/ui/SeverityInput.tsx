import { Field, Select } from '@fluentui/react-components';
import { SEVERITIES, type Severity } from '@api/types';
import { t } from '@i18n/t';
import { severityWord } from './Severity';

/** A severity of a form. */
export function SeverityInput({ value, onChange }: { value: Severity; onChange: (value: Severity) => void }) {
  return (
    <Field label={t('column.severity')}>
      <Select value={value} onChange={(_, data) => onChange(data.value as Severity)}>
        {SEVERITIES.map((one) => (
          <option key={one} value={one}>
            {severityWord(one)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
