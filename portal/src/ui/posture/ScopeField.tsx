import { Field, Select } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { inventoryQuery } from '@api/inventory';
import { scopesQuery } from '@api/policies';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';

/** How deep a scope is, told by its id. */
function kindOf(id: string): string {
  if (/\/resourceGroups\//i.test(id)) return t('scope.group');
  return /\/managementGroups\//i.test(id) ? t('scope.management') : t('scope.subscription');
}

interface Props {
  label?: string;
  /** An empty one is not chosen yet. */
  value: string;
  /** Single resources may be chosen as well. */
  resources?: boolean;
  onPick: (id: string) => void;
}

/** Where it shall hold: management groups, subscriptions, resource groups, and resources where those make sense. */
export function ScopeField({ label = t('policies.scope'), value, resources = false, onPick }: Props) {
  const subscription = useSubscription();
  const { data } = useQuery(scopesQuery(subscription));
  const single = useQuery({ ...inventoryQuery(subscription), enabled: resources }).data ?? [];
  return (
    <Field label={label} required>
      <Select value={value} onChange={(_, picked) => onPick(picked.value)}>
        {value === '' && <option value="">{t('try.pick')}</option>}
        {(data ?? (value ? [{ id: value, name: value.split('/').pop() ?? '' }] : [])).map((one) => (
          <option key={one.id} value={one.id}>
            {kindOf(one.id)}: {one.name}
          </option>
        ))}
        {resources &&
          single.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
      </Select>
    </Field>
  );
}
