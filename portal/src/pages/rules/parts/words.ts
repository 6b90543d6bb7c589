import { t } from '@i18n/t';

export const SPANS = ['PT1M', 'PT5M', 'PT15M', 'PT1H', 'PT6H', 'PT12H', 'P1D', 'P7D', 'P14D'] as const;

/** "PT15M" as a person says it; what is none of the usual ones stays as it is. */
export function spanWord(iso: string | undefined): string {
  const [, day, hour, minute] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(iso ?? '') ?? [];
  if (day && !hour && !minute) return t('time.d', { n: Number(day) });
  if (hour && !day && !minute) return t('time.h', { n: Number(hour) });
  if (minute && !day && !hour) return t('time.min', { n: Number(minute) });
  return iso ?? '–';
}
