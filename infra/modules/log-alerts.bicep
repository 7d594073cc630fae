// What an operator is woken for, found in the log lines of the host and of the app.

@description('Where the rules are.')
param location string

@description('What all our resources are labelled with.')
param tags object

@description('The resource id of the Log Analytics workspace.')
param workspaceId string

@description('The resource id of the action group.')
param actionGroupId string

@description('How old a message may become, in minutes.')
param oldestMessageMinutes int

@description('How many failed invocations in a quarter of an hour are too many.')
param failedInvocations int

// What the app writes, word for word.
var lines = {
  quarantined: 'input put into quarantine'
  poisonStays: 'poison message stays'
  applied: 'event applied'
  // Of a recording that landed; the same line tells of one that went or was moved to another tier.
  written: 'written'
  logRead: 'audit log read'
  logsRead: 'audit logs read on'
  tooMany: 'nothing deleted that nobody has allowed: see `archivist retention plan`'
}

// Each function with a timer, and how long it may be silent: some of its periods.
var timers = [
  { name: 'audit_log_tail', silent: '15m' }
  { name: 'join_sweep', silent: '15m' }
  { name: 'posture_check', silent: '26h' }
  { name: 'reconcile_sweep', silent: '3h' }
  { name: 'retention_sweep', silent: '3h' }
]

var timerRows = join(map(timers, timer => '\'${timer.name}\', ${timer.silent}'), ', ')

// The lines that the app writes to its output; everything else is the host's.
var appLines = 'AppTraces | where tostring(Properties.Category) == \'Host.Function.Console\' | extend line = parse_json(Message)'

var rules = [
  {
    name: 'input-set-aside'
    title: 'Input in quarantine or poison'
    description: 'Input that no retry can save was put into quarantine, or could not even be put there.'
    severity: 1
    every: 'PT15M'
    window: 'PT15M'
    query: '${appLines} | where tostring(line.message) in (\'${lines.quarantined}\', \'${lines.poisonStays}\')'
  }
  {
    name: 'old-messages'
    title: 'Messages wait too long'
    description: 'A queue message was older than it should be when the host took it for the first time.'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    query: 'AppTraces | where Message startswith \'Trigger Details: MessageId\' and Message contains \'DequeueCount: 1,\' and OperationName != \'notification_delivery\' | extend inserted = todatetime(extract(\'InsertionTime: ([^,]+)\', 1, Message)) | where TimeGenerated - inserted > ${oldestMessageMinutes}m'
  }
  {
    name: 'silent-timers'
    title: 'A timer does not fire'
    description: 'A function with a timer has not been invoked for several of its periods.'
    severity: 1
    every: 'PT15M'
    window: 'P2D'
    query: 'let since = toscalar(AppRequests | summarize min(TimeGenerated)); datatable(name: string, silent: timespan) [${timerRows}] | join kind=leftouter (AppRequests | summarize last = max(TimeGenerated) by name = OperationName) on name | where now() - coalesce(last, since, ago(2d)) > silent'
  }
  {
    name: 'failed-invocations'
    title: 'Invocations fail'
    description: 'More invocations failed than a passing fault explains. Their input is kept and tried again.'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    query: 'AppRequests | where Success == false | summarize failed = count() | where failed > ${failedInvocations}'
  }
  {
    name: 'silent-recording'
    title: 'Sessions without recordings'
    description: 'For a day the audit log told of sessions, and not one recording landed.'
    severity: 1
    every: 'PT1H'
    window: 'P1D'
    query: '${appLines} | summarize told = sumif(tolong(line.records), tostring(line.message) in (\'${lines.logRead}\', \'${lines.logsRead}\')), landed = countif(tostring(line.message) == \'${lines.applied}\' and tostring(line.what) == \'${lines.written}\') | where told > 0 and landed == 0'
  }
  {
    name: 'deletion-refused'
    title: 'A run would delete too much'
    description: 'Retention stopped before it deleted more than its limits allow; somebody has to look at the plan.'
    severity: 2
    every: 'PT1H'
    window: 'PT1H'
    query: '${appLines} | where tostring(line.message) == \'${lines.tooMany}\''
  }
]

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
    autoMitigate: true
    // The tables come with the first log line.
    skipQueryValidation: true
    actions: { actionGroups: [actionGroupId] }
  }
}]
