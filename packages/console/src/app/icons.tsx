/** Drawn on a grid of 24, in the colour of the text around them; words beside them say what they mean. */
const shapes = {
  roots: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM9 12l2 2 4-4',
  vehicles: 'M3 15v-3l3-1 2-4h8l2 4 3 1v3h-2M9 15h6M5 15a2 2 0 1 0 4 0a2 2 0 1 0-4 0M15 15a2 2 0 1 0 4 0a2 2 0 1 0-4 0',
  contracts: 'M7 3h10v18H7zM10 8h4M10 12h4M10 16h2',
  certificates: 'M4 4h16v11h-4M4 4v11h5M8 8h8M9.5 14a3 3 0 1 0 6 0a3 3 0 1 0-6 0M11 16.5V21l1.5-1 1.5 1v-4.5',
  search: 'M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM15 15l5 5',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  told: 'M4 6h16v12H4zM4 7l8 6 8-6',
  playground: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM10 8.5l5.5 3.5-5.5 3.5z',
  peers:
    'M6 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6M18 3a3 3 0 1 0 0 6a3 3 0 1 0 0-6M18 15a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8.6 10.5l6.8-3M8.6 13.5l6.8 3',
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  inspector: 'M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM15 15l5 5M8 10h4M10 8v4',
  key: 'M8 11a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM11 12l8-8M16 7l3 3M19 4l1 1',
  log: 'M5 4h14v16H5zM9 9h6M9 13h6M9 17h3',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20c1-4 4-6 8-6s7 2 8 6',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  copy: 'M8 8h12v12H8zM16 8V4H4v12h4',
  done: 'M5 13l4 4L19 7',
  link: 'M9 15l6-6M11 6l2-2a4 4 0 0 1 6 6l-2 2M13 18l-2 2a4 4 0 0 1-6-6l2-2',
  file: 'M6 3h9l4 4v14H6zM14 3v5h5',
  good: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM8 12l3 3 5-6',
  bad: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9 9l6 6M15 9l-6 6',
  open: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 8v5M12 16v.5',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
