import { useState } from 'react';
import {
  Button,
  Field,
  Input,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Tooltip,
  makeStyles,
} from '@fluentui/react-components';
import { ChevronDownRegular, ClockRegular } from '@fluentui/react-icons';
import { t, type MessageKey } from '@i18n/t';
import { tokens } from '@ui/theme';
import { useRange } from '../hooks';
import { PRESETS, ends, rangeLabel, type Range } from '../range';

const useStyles = makeStyles({
  button: { fontWeight: tokens.fontWeightSemibold, whiteSpace: 'nowrap', minWidth: 0, padding: '5px 8px', columnGap: '5px' },
  surface: { display: 'grid', gridTemplateColumns: '150px 220px', gap: tokens.spacingHorizontalL, padding: '12px' },
  presets: { display: 'flex', flexDirection: 'column' },
  preset: { justifyContent: 'flex-start', fontWeight: tokens.fontWeightRegular },
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, alignItems: 'stretch' },
  zone: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
});

/** A datetime-local field speaks the person's zone without saying so. */
function toField(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function CustomRange({ range, onApply }: { range: Range; onApply: (range: Range) => void }) {
  const styles = useStyles();
  const { from, to } = ends(range);
  const [start, setStart] = useState(toField(from ?? Date.now() - 86_400_000));
  const [end, setEnd] = useState(toField(to ?? Date.now()));
  const good = Date.parse(start) < Date.parse(end);
  return (
    <div className={styles.fields}>
      <Field label={t('range.from')}>
        <Input type="datetime-local" value={start} onChange={(_, data) => setStart(data.value)} />
      </Field>
      <Field label={t('range.to')} validationMessage={good ? undefined : t('range.order')}>
        <Input type="datetime-local" value={end} onChange={(_, data) => setEnd(data.value)} />
      </Field>
      <span className={styles.zone}>{t('range.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}</span>
      <Button
        appearance="primary"
        disabled={!good}
        onClick={() => onApply({ from: new Date(start).toISOString(), to: new Date(end).toISOString() })}
      >
        {t('range.apply')}
      </Button>
    </div>
  );
}

/** One control, one meaning: it narrows what is listed. Where a page shows state, it says why it rests. */
export function TimePicker() {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const { range, setRange, fixed } = useRange();
  const apply = (next: Range) => {
    setRange(next);
    setOpen(false);
  };
  const button = (
    <Button
      id="time-range"
      appearance="subtle"
      className={styles.button}
      icon={<ClockRegular />}
      disabledFocusable={fixed}
    >
      {rangeLabel(range)} <ChevronDownRegular aria-hidden="true" fontSize={12} />
    </Button>
  );
  if (fixed) {
    return (
      <Tooltip content={t('range.fixed')} relationship="description">
        {button}
      </Tooltip>
    );
  }
  return (
    <Popover open={open} onOpenChange={(_, data) => setOpen(data.open)} trapFocus positioning="below-end">
      <PopoverTrigger disableButtonEnhancement>{button}</PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={t('range.label')}>
        <div className={styles.presets}>
          {PRESETS.map((preset) => (
            <Button
              key={preset}
              appearance={'preset' in range && range.preset === preset ? 'secondary' : 'subtle'}
              size="small"
              className={styles.preset}
              onClick={() => apply({ preset })}
            >
              {t(`range.${preset}` as MessageKey)}
            </Button>
          ))}
        </div>
        <CustomRange range={range} onApply={apply} />
      </PopoverSurface>
    </Popover>
  );
}
