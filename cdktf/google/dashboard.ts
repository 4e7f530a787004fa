import { MonitoringDashboard } from '@cdktf/provider-google/lib/monitoring-dashboard/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { bridgeNames, functionName } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { series } from './alerts/alert.ts'
import { lanesOf } from './lanes.ts'
import { shortName } from './short-name.ts'
import { sourceMetric } from './source-metrics.ts'

/** One chart: a line for each time series. */
interface Chart {
  readonly title: string
  readonly lines: readonly Line[]
}

interface Line {
  readonly name: string
  readonly filter: string
  readonly aligner: string
}

/**
 * The flow from left to right and top to bottom, two charts a row. Zeros are left out, as the service leaves them out
 * of what it answers: Terraform would see a difference each time.
 */
export function dashboard(scope: Construct, bridge: Bridge, dependsOn: ITerraformDependable[]): void {
  const tiles = charts(bridge).map((chart, index) => ({
    ...(index % 2 > 0 && { xPos: 24 }),
    ...(index > 1 && { yPos: Math.floor(index / 2) * 16 }),
    width: 24,
    height: 16,
    widget: widget(chart),
  }))
  new MonitoringDashboard(scope, 'dashboard', {
    project: bridge.google.project,
    dashboardJson: JSON.stringify({
      displayName: `Causeway: ${bridge.name}`,
      mosaicLayout: { columns: 48, tiles },
    }),
    dependsOn,
  })
}

function charts(bridge: Bridge): Chart[] {
  return [
    { title: 'Freshness, 95 of 100 objects (ms)', lines: perSource(bridge, 'age', 'ALIGN_PERCENTILE_95') },
    { title: 'Objects a minute', lines: perSource(bridge, 'age', 'ALIGN_DELTA') },
    {
      title: 'Oldest landed object that waits (s)',
      lines: perLane(bridge, 'oldest_unacked_message_age', 'ALIGN_MAX'),
    },
    { title: 'Landed objects that wait', lines: perLane(bridge, 'num_undelivered_messages', 'ALIGN_MAX') },
    { title: 'Messages given up on', lines: perLane(bridge, 'dead_letter_message_count', 'ALIGN_DELTA') },
    { title: 'Answers of the function, by class', lines: perFunction(bridge, 'request_count', 'ALIGN_RATE') },
    { title: 'Instances', lines: perFunction(bridge, 'container/instance_count', 'ALIGN_MAX') },
    {
      title: 'Memory in use, 99th percentile',
      lines: perFunction(bridge, 'container/memory/utilizations', 'ALIGN_PERCENTILE_99'),
    },
    { title: 'Lines rejected', lines: perSource(bridge, 'rejected', 'ALIGN_DELTA') },
  ]
}

function perSource(bridge: Bridge, metric: 'age' | 'rejected', aligner: string): Line[] {
  return bridge.sources.map((source) => {
    const type = `logging.googleapis.com/user/${sourceMetric(bridge, source, metric)}`
    return { name: source.name, filter: series(type, 'cloud_run_revision', {}), aligner }
  })
}

function perLane(bridge: Bridge, metric: string, aligner: string): Line[] {
  return lanesOf(bridge).map(({ name }) => {
    const subscription = shortName(bridgeNames(bridge, name).subscription)
    const type = `pubsub.googleapis.com/subscription/${metric}`
    const labels = { 'resource.labels.subscription_id': subscription }
    return { name, filter: series(type, 'pubsub_subscription', labels), aligner }
  })
}

function perFunction(bridge: Bridge, metric: string, aligner: string): Line[] {
  return lanesOf(bridge).map(({ name }) => {
    const labels = { 'resource.labels.service_name': functionName(bridge, name) }
    return { name, filter: series(`run.googleapis.com/${metric}`, 'cloud_run_revision', labels), aligner }
  })
}

function widget({ title, lines }: Chart) {
  const dataSets = lines.map(({ name, filter, aligner }) => ({
    plotType: 'LINE',
    legendTemplate: name,
    timeSeriesQuery: {
      timeSeriesFilter: { filter, aggregation: { alignmentPeriod: '60s', perSeriesAligner: aligner } },
    },
  }))
  return { title, xyChart: { dataSets } }
}
