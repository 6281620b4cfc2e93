/** Reads the text format of Prometheus as far as the tests ask it. */
export interface Scrape {
  readonly status: number;
  readonly text: string;
  /** Of the series with that name and, among others, those labels; undefined where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}

export async function scrape(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`, { headers });
  const text = await response.text();
  const series = text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value = ''] = /^([a-zA-Z_:]\w*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return name === '' ? [] : [{ name, labels: `,${labels},`, value: Number(value) }];
  });
  return {
    status: response.status,
    text,
    value: (name, labels = {}) =>
      series.find(
        (each) =>
          each.name === name &&
          Object.entries(labels).every(([label, value]) => each.labels.includes(`,${label}="${value}",`)),
      )?.value,
  };
}
