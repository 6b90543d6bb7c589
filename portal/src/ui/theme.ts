/** The three themes: Fluent's tokens and our own keys beside them. The only file with colour values. */
import {
  teamsHighContrastTheme,
  tokens as fluent,
  webDarkTheme,
  webLightTheme,
  type Theme,
} from '@fluentui/react-components';

interface OwnKeys {
  canvas: string;
  sevCritical: string;
  sevHigh: string;
  sevMedium: string;
  sevLow: string;
  sevInformational: string;
  good: string;
  barHigh: string;
  barMedium: string;
  barLow: string;
  barInformational: string;
  rowSelBg: string;
  rowSelFg: string;
  rowHoverBg: string;
  rowSelIcon: string;
  rowSelLine: string;
  series1: string;
  series2: string;
  series3: string;
  series4: string;
  series5: string;
  series6: string;
  navSelBg: string;
  navSelFg: string;
  navSelBar: string;
  chartLine: string;
  chartFill: string;
  gridLine: string;
  floatShadow: string;
  fontText: string;
  fontMono: string;
}
export type VedetteTheme = Theme & OwnKeys;
export type ThemeName = 'light' | 'dark' | 'contrast';

const FONT_TEXT = "'Segoe UI Variable Text','Segoe UI','Inter Variable',system-ui,sans-serif";
const FONT_MONO = "'Cascadia Mono',Consolas,ui-monospace,'DejaVu Sans Mono',monospace";
const fonts = {
  fontText: FONT_TEXT,
  fontMono: FONT_MONO,
  fontFamilyBase: FONT_TEXT,
  fontFamilyMonospace: FONT_MONO,
};

const light: VedetteTheme = {
  ...webLightTheme,
  ...fonts,
  colorNeutralForeground3: '#616161',
  canvas: '#f5f5f5',
  sevCritical: '#750b1c',
  sevHigh: '#c50f1f',
  sevMedium: '#ca5010',
  sevLow: '#b57e00',
  sevInformational: '#767676',
  good: '#0e700e',
  barHigh: '#c50f1f',
  barMedium: '#ca5010',
  barLow: '#b57e00',
  barInformational: '#bdbdbd',
  rowSelBg: '#ebf3fc',
  rowSelFg: '#242424',
  rowHoverBg: '#f5f5f5',
  rowSelIcon: '#0f6cbd',
  rowSelLine: '#7a7a7a',
  series1: '#0f6cbd',
  series2: '#038387',
  series3: '#8764b8',
  series4: '#bf0077',
  series5: '#498205',
  series6: '#57606a',
  navSelBg: '#ebebeb',
  navSelFg: '#242424',
  navSelBar: '#0f6cbd',
  chartLine: '#0f6cbd',
  chartFill: '#dfeaf6',
  gridLine: '#e6e6e6',
  floatShadow: webLightTheme.shadow8,
};

const dark: VedetteTheme = {
  ...webDarkTheme,
  ...fonts,
  colorNeutralBackground1: '#1f1f1f',
  colorNeutralBackground1Hover: '#2b2b2b',
  colorNeutralBackground1Pressed: '#333333',
  colorNeutralBackground1Selected: '#333333',
  colorNeutralBackground2: '#1a1a1a',
  colorNeutralBackground2Hover: '#2a2a2a',
  colorNeutralBackground3: '#171717',
  colorNeutralForeground3: '#adadad',
  colorNeutralStroke2: '#404040',
  colorNeutralStroke3: '#333333',
  colorBrandForegroundLink: '#479ef5',
  canvas: '#141414',
  sevCritical: '#e8697c',
  sevHigh: '#f1707b',
  sevMedium: '#f7894a',
  sevLow: '#f2c661',
  sevInformational: '#9a9a9a',
  good: '#6bbf6b',
  barHigh: '#f1707b',
  barMedium: '#f7894a',
  barLow: '#f2c661',
  barInformational: '#585858',
  rowSelBg: '#0a2e4a',
  rowSelFg: '#ffffff',
  rowHoverBg: '#2b2b2b',
  rowSelIcon: '#62abf5',
  rowSelLine: '#b3b3b3',
  series1: '#479ef5',
  series2: '#58d3db',
  series3: '#c5b3e6',
  series4: '#f08fc8',
  series5: '#a4cc6c',
  series6: '#a0aeb2',
  navSelBg: '#383838',
  navSelFg: '#ffffff',
  navSelBar: '#479ef5',
  chartLine: '#479ef5',
  chartFill: '#22303f',
  gridLine: '#383838',
  floatShadow: 'none',
};

const contrast: VedetteTheme = {
  ...teamsHighContrastTheme,
  ...fonts,
  canvas: '#000000',
  sevCritical: '#ff8a9b',
  sevHigh: '#ff8591',
  sevMedium: '#f7894a',
  sevLow: '#f2c661',
  sevInformational: '#bdbdbd',
  good: '#6fcf6f',
  barHigh: '#ff8591',
  barMedium: '#f7894a',
  barLow: '#f2c661',
  barInformational: '#8a8a8a',
  rowSelBg: '#1aebff',
  rowSelFg: '#000000',
  rowHoverBg: '#262626',
  rowSelIcon: '#000000',
  rowSelLine: '#000000',
  series1: '#1aebff',
  series2: '#ffff01',
  series3: '#d4a6ff',
  series4: '#ffa3d7',
  series5: '#3ff23f',
  series6: '#ffffff',
  navSelBg: '#1aebff',
  navSelFg: '#000000',
  navSelBar: '#ffffff',
  chartLine: '#ffffff',
  chartFill: '#262626',
  gridLine: '#7a7a7a',
  floatShadow: 'none',
};

export const THEMES: Record<ThemeName, VedetteTheme> = { light, dark, contrast };

const own = Object.fromEntries(
  ([
    'canvas', 'sevCritical', 'sevHigh', 'sevMedium', 'sevLow', 'sevInformational', 'good', 'barHigh', 'barMedium',
    'barLow', 'barInformational', 'rowSelBg', 'rowSelFg', 'rowHoverBg', 'rowSelIcon', 'rowSelLine', 'series1', 'series2', 'series3', 'series4', 'series5', 'series6', 'navSelBg', 'navSelFg', 'navSelBar', 'chartLine',
    'chartFill', 'gridLine', 'floatShadow', 'fontText', 'fontMono',
  ] as const).map((key) => [key, `var(--${key})`]),
) as Record<keyof OwnKeys, string>;

/** Fluent's tokens and ours, as CSS variables. */
export const tokens = { ...fluent, ...own };
