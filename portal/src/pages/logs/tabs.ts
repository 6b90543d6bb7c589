/** The query tabs of this browser: their texts survive it, their results do not. */

export interface LogTab {
  id: string;
  text: string;
}
export interface LogTabs {
  tabs: LogTab[];
  active: string;
}

export type TabAction =
  | { type: 'restore'; state: LogTabs }
  | { type: 'edit'; text: string }
  | { type: 'open'; id: string; text: string }
  | { type: 'select'; id: string }
  | { type: 'close'; id: string };

export const FIRST_TABS: LogTabs = { tabs: [{ id: 'first', text: '' }], active: 'first' };

export function reduceTabs(state: LogTabs, action: TabAction): LogTabs {
  switch (action.type) {
    case 'restore':
      return action.state.tabs.length > 0 ? action.state : state;
    case 'edit':
      return { ...state, tabs: state.tabs.map((tab) => (tab.id === state.active ? { ...tab, text: action.text } : tab)) };
    case 'open': {
      const blank = state.tabs.find((tab) => tab.text.trim() === '');
      if (blank && action.text !== '') {
        return { tabs: state.tabs.map((tab) => (tab === blank ? { ...tab, text: action.text } : tab)), active: blank.id };
      }
      return { tabs: [...state.tabs, { id: action.id, text: action.text }], active: action.id };
    }
    case 'select':
      return state.tabs.some((tab) => tab.id === action.id) ? { ...state, active: action.id } : state;
    case 'close': {
      const at = state.tabs.findIndex((tab) => tab.id === action.id);
      const tabs = state.tabs.filter((tab) => tab.id !== action.id);
      if (tabs.length === 0) return { tabs: [{ id: `${action.id}+`, text: '' }], active: `${action.id}+` };
      const active = state.active === action.id ? (tabs[Math.max(0, at - 1)]?.id ?? tabs[0]?.id ?? '') : state.active;
      return { tabs, active };
    }
  }
}

const NAME_LENGTH = 24;

/** The first words that mean something: a leading comment, else the first line. */
export function tabName(text: string): string | null {
  const line = text.split('\n').map((one) => one.trim()).find((one) => one !== '');
  if (!line) return null;
  const name = line.replace(/^\/\/\s*/, '');
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
}
