// Where the host sends the lines of the app, and where the alert rules look.

@description('The name of the Log Analytics workspace.')
param workspaceName string

@description('The name of the Application Insights component.')
param componentName string

@description('Where they are.')
param location string

@description('What all our resources are labelled with.')
param tags object

@description('How many days log lines stay.')
@minValue(30)
@maxValue(730)
param retentionInDays int

@description('How many GB a day are taken in at most; -1 for any number. What comes after is lost until the next day, alerts included.')
param dailyQuotaGb int

@description('The principal id of the app\'s identity.')
param principalId string

var roles = loadJsonContent('../roles.json')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionInDays
    workspaceCapping: { dailyQuotaGb: dailyQuotaGb }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // The connection string says where, and no longer opens the door: only an identity does.
    DisableLocalAuth: true
  }
}

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, roles.monitoringMetricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: the host sends log lines and metrics'
  }
}

@description('The resource id of the workspace.')
output workspaceId string = workspace.id

@description('The name of the component.')
output componentName string = component.name
