/** US dollars to the cent, and less than a cent to two digits: `0.39 $`, `0.0026 $`, `0`. */
export function dollars(usd: number): string {
  if (usd === 0) return '0';
  if (usd < 0.0001) return 'under 0.0001 $';
  return `${usd.toFixed(usd < 0.01 ? 1 - Math.floor(Math.log10(usd)) : 2)} $`;
}

/** A quantity as a reader takes it in: `1,971,000`, `0.012`. */
export function quantity(value: number): string {
  return value < 1
    ? String(Number(value.toPrecision(2)))
    : value.toLocaleString('en', { maximumFractionDigits: 1 });
}
