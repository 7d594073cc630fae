// Alert rules over the log lines of the host and the app.

@description('Region of the rules.')
param location string

@description('Tags of all our resources.')
param tags object

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Resource id of the action group.')
param actionGroupId string

@description('Age of a queue message, in minutes, above which an alert fires.')
param oldestMessageMinutes int

@description('Number of failed invocations in a quarter of an hour above which an alert fires.')
param failedInvocations int

// Log lines of the app, verbatim.
var lines = {
  quarantined: 'input put into quarantine'
  poisonStays: 'poison message stays'
  applied: 'event applied'
  // Of a landed recording; the line `event applied` also reports deletions and tier changes.
  written: 'written'
  logRead: 'audit log read'
  logsRead: 'audit logs read on'
  tooMany: 'plan exceeds the limits, only approved recordings are deleted: see `archivist retention plan`'
}

// Functions with a timer, and their longest acceptable silence.
var timers = [
  { name: 'audit_log_tail', silent: '15m' }
  { name: 'join_sweep', silent: '15m' }
  { name: 'posture_check', silent: '26h' }
  { name: 'reconcile_sweep', silent: '3h' }
  { name: 'retention_sweep', silent: '3h' }
]

var timerRows = join(map(timers, timer => '\'${timer.name}\', ${timer.silent}'), ', ')

// Lines of the app's standard output; all other lines are the host's.
var appLines = 'AppTraces | where tostring(Properties.Category) == \'Host.Function.Console\' | extend line = parse_json(Message)'

var rules = [
  {
    name: 'input-set-aside'
    title: 'Input in quarantine or poison'
    description: 'Unreadable input was put into quarantine, or a poison message could not be put there.'
    severity: 1
    every: 'PT15M'
    window: 'PT15M'
    query: '${appLines} | where tostring(line.message) in (\'${lines.quarantined}\', \'${lines.poisonStays}\')'
  }
  {
    name: 'old-messages'
    title: 'Messages wait too long'
    description: 'A queue message waited too long for its first delivery.'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    // Version 5 of the host's storage extension writes InsertedOn, older ones InsertionTime.
    query: 'AppTraces | where Message startswith \'Trigger Details: MessageId\' and Message contains \'DequeueCount: 1,\' and OperationName != \'notification_delivery\' | extend inserted = todatetime(extract(\'Insert(?:edOn|ionTime): ([^,]+)\', 1, Message)) | where TimeGenerated - inserted > ${oldestMessageMinutes}m'
  }
  {
    name: 'silent-timers'
    title: 'A timer does not fire'
    description: 'A function with a timer was not invoked for several of its periods.'
    severity: 1
    every: 'PT15M'
    window: 'P2D'
    query: 'let since = toscalar(AppRequests | summarize min(TimeGenerated)); datatable(name: string, silent: timespan) [${timerRows}] | join kind=leftouter (AppRequests | summarize last = max(TimeGenerated) by name = OperationName) on name | where now() - coalesce(last, since) > silent'
  }
  {
    name: 'failed-invocations'
    title: 'Invocations fail'
    description: 'More invocations failed than a passing fault explains. Their input is kept and retried.'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    query: 'AppRequests | where Success == false | summarize failed = count() | where failed > ${failedInvocations}'
  }
  {
    name: 'silent-recording'
    title: 'Sessions without recordings'
    description: 'For a day the audit log had sessions, and no recording arrived.'
    severity: 1
    every: 'PT1H'
    window: 'P1D'
    query: '${appLines} | summarize told = sumif(tolong(line.records), tostring(line.message) in (\'${lines.logRead}\', \'${lines.logsRead}\')), landed = countif(tostring(line.message) == \'${lines.applied}\' and tostring(line.what) == \'${lines.written}\') | where told > 0 and landed == 0'
  }
  {
    name: 'deletion-refused'
    title: 'A run would delete too much'
    description: 'Retention would delete more than its limits allow and stopped; review the plan.'
    severity: 2
    every: 'PT1H'
    window: 'PT1H'
    query: '${appLines} | where tostring(line.message) == \'${lines.tooMany}\''
  }
]

// Without any call in its window the query returns nothing: before the first deployment, or after two days of silence.
// The alert is therefore stateless and repeats daily, because a stateful one would then report a recovery.
var stateless = 'silent-timers'

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in rules: {
  name: 'archivist-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Bastion Archivist: ${alert.title}'
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: alert.every
    windowSize: alert.window
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    autoMitigate: alert.name != stateless
    muteActionsDuration: alert.name == stateless ? 'P1D' : null
    // The tables are created with the first log line.
    skipQueryValidation: true
    actions: { actionGroups: [actionGroupId] }
  }
}]
