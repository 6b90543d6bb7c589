import { useEffect, useRef } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useThemeName } from '@app/useTheme';
import { THEMES } from '../theme';
import type { ChartData } from './chart';

echarts.use([BarChart, LineChart, PieChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent, SVGRenderer]);

const useStyles = makeStyles({ root: { width: '100%', height: '100%', minHeight: '240px' } });

type Theme = (typeof THEMES)['light'];

/** Six hues that are not severity's: its colours mean something. */
function palette(theme: Theme): string[] {
  return [theme.series1, theme.series2, theme.series3, theme.series4, theme.series5, theme.series6];
}

function pieOption(data: ChartData) {
  const slices = data.series.flatMap((series) =>
    series.points.map(([x, y]) => ({ name: data.series.length > 1 ? series.name : String(x), value: y ?? 0 })),
  );
  return { series: [{ type: 'pie', radius: ['35%', '70%'], data: slices }] };
}

function axisOption(data: ChartData, theme: Theme) {
  const line = { lineStyle: { color: theme.gridLine } };
  const label = { color: theme.colorNeutralForeground2 };
  const category = data.time
    ? { type: 'time', axisLabel: label, axisLine: line }
    : { type: 'category', data: data.categories, axisLabel: label, axisLine: line };
  const value = { type: 'value', axisLabel: label, splitLine: line };
  const flat = data.kind === 'bar';
  const type = data.kind === 'scatter' ? 'scatter' : data.kind === 'line' || data.kind === 'area' ? 'line' : 'bar';
  return {
    grid: { left: 12, right: 24, top: data.title ? 72 : 40, bottom: 12, containLabel: true },
    xAxis: flat ? value : category,
    yAxis: flat ? { ...category, inverse: true } : value,
    series: data.series.map((series) => ({
      type,
      name: series.name,
      data: series.points.map(([x, y]) => (flat ? [y, x] : [x, y])),
      showSymbol: series.points.length < 40,
      areaStyle: data.kind === 'area' ? { opacity: 0.3 } : undefined,
      stack: data.kind === 'area' || (type === 'bar' && data.series.length > 1) ? 'all' : undefined,
    })),
  };
}

export function chartOption(data: ChartData, theme: Theme): Record<string, unknown> {
  const text = { color: theme.colorNeutralForeground1, fontFamily: theme.fontFamilyBase };
  return {
    animation: false,
    color: palette(theme),
    textStyle: text,
    aria: { enabled: true },
    title: data.title ? { text: data.title, left: 12, top: 8, textStyle: { ...text, fontSize: 14, fontWeight: 600 } } : undefined,
    tooltip: {
      trigger: data.kind === 'pie' || data.kind === 'scatter' ? 'item' : 'axis',
      backgroundColor: theme.colorNeutralBackground1,
      borderColor: theme.colorNeutralStroke1,
      textStyle: text,
      renderMode: 'richText',
    },
    legend: { top: data.title ? 36 : 6, left: 12, type: 'scroll', icon: 'roundRect', itemWidth: 12, itemHeight: 8, textStyle: text },
    ...(data.kind === 'pie' ? pieOption(data) : axisOption(data, theme)),
  };
}

export default function Chart({ data, sentence }: { data: ChartData; sentence: string }) {
  const styles = useStyles();
  const root = useRef<HTMLDivElement>(null);
  const theme = THEMES[useThemeName()];
  useEffect(() => {
    if (!root.current) return;
    const chart = echarts.init(root.current, undefined, { renderer: 'svg' });
    chart.setOption(chartOption(data, theme));
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(root.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [data, theme]);
  return <div ref={root} className={styles.root} role="img" aria-label={sentence} />;
}
