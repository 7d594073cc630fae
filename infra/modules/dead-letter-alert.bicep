// Alerts on events that Event Grid could not deliver to our queues: stored in dead-letters, or dropped.

@description('Name of the rule.')
param name string

@description('Tags of all our resources.')
param tags object

@description('Resource id of the system topic.')
param topicId string

@description('Resource id of the action group.')
param actionGroupId string

resource rule 'Microsoft.Insights/metricAlerts@2018-03-01' = [for metric in ['DeadLetteredCount', 'DroppedEventCount']: {
  name: '${name}-${toLower(metric)}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Bastion Archivist: events did not reach their queue. `archivist replay dead-letters` puts the stored ones back.'
    severity: 1
    enabled: true
    scopes: [topicId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: metric
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: metric
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    autoMitigate: true
    actions: [
      { actionGroupId: actionGroupId }
    ]
  }
}]
