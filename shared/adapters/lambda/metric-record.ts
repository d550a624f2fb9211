/** CloudWatch reads at most this many values of a metric from one line. */
const MAX_VALUES = 100;

/** Counts with the same dimensions, until they are written. */
export interface MetricRecord {
  /** Adds a value. Writes the counts so far if a line has no room for another value. */
  add(metric: string, value: number): void;
  /** Writes the counts since the last time, if there are some. */
  publish(): void;
}

/**
 * Returns a record that writes its counts in the Embedded Metric Format. CloudWatch reads metrics from such lines of a log.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetricRecord(
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  write: (line: string) => void,
): MetricRecord {
  const counts = new Map<string, number[]>();

  const publish = () => {
    if (counts.size === 0) return;
    const metrics = [...counts].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
    const definition = {
      Namespace: namespace,
      Dimensions: [Object.keys(dimensions)],
      Metrics: [...counts.keys()].map((Name) => ({ Name, Unit: 'Count' })),
    };
    counts.clear();
    write(
      JSON.stringify({
        _aws: { Timestamp: Date.now(), CloudWatchMetrics: [definition] },
        ...dimensions,
        ...Object.fromEntries(metrics),
      }),
    );
  };

  return {
    add(metric, value) {
      const values = counts.get(metric) ?? [];
      values.push(value);
      counts.set(metric, values);
      if (values.length === MAX_VALUES) publish();
    },
    publish,
  };
}
