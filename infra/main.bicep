// Bastion Archivist beside a bastion and storage accounts that are there already. README.md explains every choice.
targetScope = 'subscription'

@description('A container of a further bastion that is heard and read.')
type heardContainer = {
  @description('The resource id of the storage account.')
  accountId: string

  @description('The container.')
  container: string

  @description('What is in it.')
  kind: 'recordings' | 'audit'

  @description('The name of the system topic that the account has already; empty where it has none.')
  topicName: string
}

@description('The name of this environment; the names of all our resources are made of it.')
@minLength(1)
@maxLength(20)
param environmentName string

@description('The region of all our resources. The nearest to the recordings.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The resource id of the bastion.')
param bastionResourceId string

@description('The resource id of the storage account that the bastion records into.')
param recordingsAccountResourceId string

@description('The container that it records into.')
param recordingsContainer string = 'recordings'

@description('The name of the system topic that this account has already; empty where it has none. It needs a system-assigned identity.')
param recordingsTopicName string = ''

@description('The resource id of the storage account that the bastion\'s audit log is exported into; empty for the one with the recordings.')
param auditAccountResourceId string = ''

@description('The name of the system topic that this account has already; empty where it has none. It needs a system-assigned identity.')
param auditTopicName string = ''

@description('Containers of further bastions, which archivist.yaml has to name, too.')
param furtherSources heardContainer[] = []

@description('Whether the archivist itself deletes recordings: as retention.enforce in archivist.yaml.')
param retentionEnforce bool = false

@description('Who deletes recordings: as retention.executor in archivist.yaml.')
@allowed(['archivist', 'lifecycle'])
param retentionExecutor string = 'archivist'

@description('For how many days nobody can change or delete what stands in the ledger; 0 for no such policy.')
@minValue(0)
@maxValue(146000)
param ledgerRetentionDays int = 0

@description('Whether the app works by the configuration in a blob of our storage account, which people push; otherwise by the file in the package. Push first.')
param sharedConfiguration bool = false

@description('Whether the app may look at the settings of bastion and storage accounts, to check them.')
param checkConfiguration bool = true

@description('Whether the app may ask the bastion which sessions go on, which its page then shows.')
param liveSessions bool = false

@description('Whether changes of the bastion and of the accounts with recordings are told within minutes.')
param changeAlarm bool = true

@description('The system topics that resource groups have already, by the name of the group in lower case.')
param changeAlarmTopicNames object = {}

@description('Whether the bastion gets the diagnostic setting that exports its audit log. Only where it has none for this account.')
param bastionDiagnostics bool = false

@description('The origin of the bastion, to get the CORS rule by which the portal plays recordings; empty for none. Replaces what the account\'s blob service has.')
param corsOrigin string = ''

@description('The app settings that archivist.yaml names for channels, as TEAMS_SECURITY_URL. Each is a secret of the vault with - for _.')
param channelSettings array = []

@description('Whether nobody can do away with a deleted vault before its time. Cannot be taken back.')
param vaultPurgeProtection bool = true

@description('The client id of the app registration for the page; empty for no page.')
param pageClientId string = ''

@description('The tenant that people sign in to for the page; empty for the one of this subscription.')
param pageTenantId string = ''

@description('Whether our storage account and vault are reached through private endpoints only.')
param networkIsolation bool = false

@description('The addresses of a virtual network of our own, where none is named: at least a /26.')
param networkAddressPrefix string = '10.90.0.0/26'

@description('A subnet that is there already for what the app calls, delegated to Microsoft.App/environments; empty for a network of our own.')
param appSubnetId string = ''

@description('A subnet that is there already for private endpoints; empty for a network of our own.')
param endpointSubnetId string = ''

@description('Whether the app can be called from the internet: for its page, its API and deployments.')
param appPublicAccess bool = true

@description('How often our storage account is stored, and where.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param stateSku string = 'Standard_ZRS'

@description('How many instances of the app there are at most.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('How many days log lines stay.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Whether there is a workbook with what an operator asks of the log lines.')
param workbook bool = true

@description('How many GB of log lines a day are taken in at most; -1 for any number.')
param logDailyQuotaGb int = 1

@description('Who hears of alerts; without anybody there are no alert rules.')
param alertEmails array = []

@description('How old a queue message may become before an alert, in minutes.')
@minValue(1)
param oldestMessageMinutes int = 15

@description('How many failed invocations in a quarter of an hour are too many.')
@minValue(0)
param failedInvocations int = 20

@description('What all of ours may cost in a month, in the currency of the subscription; 0 for no budget. Needs alertEmails.')
@minValue(0)
param monthlyBudget int = 0

@description('The first day of the month from which on the budget counts. Give it, once there is a budget: it cannot change.')
param budgetStartDate string = utcNow('yyyy-MM-01')

@description('Further labels for all our resources.')
param extraTags object = {}

var abbreviations = loadJsonContent('abbreviations.json')

var token = uniqueString(subscription().id, environmentName, location)

var tags = union(extraTags, { 'azd-env-name': environmentName })

var packageContainer = 'app-package'

var deadLetterContainer = 'dead-letters'

// Where people push the configuration, if it is not the one in the package.
var configurationContainer = 'configuration'

// Every container that is heard. The first is the one that the bastion records into, the second the one of its audit log.
var sources = concat(
  [
    {
      accountId: recordingsAccountResourceId
      container: recordingsContainer
      kind: 'recordings'
      topicName: recordingsTopicName
    }
    {
      accountId: auditAccountId
      container: 'insights-logs-bastionauditlogs'
      kind: 'audit'
      topicName: empty(auditAccountResourceId) ? recordingsTopicName : auditTopicName
    }
  ],
  furtherSources
)

var auditAccountId = empty(auditAccountResourceId) ? recordingsAccountResourceId : auditAccountResourceId

var bastion = {
  subscription: split(bastionResourceId, '/')[2]
  group: split(bastionResourceId, '/')[4]
  name: last(split(bastionResourceId, '/'))
}

var recordings = {
  subscription: split(recordingsAccountResourceId, '/')[2]
  group: split(recordingsAccountResourceId, '/')[4]
  name: last(split(recordingsAccountResourceId, '/'))
}

var ownNetwork = networkIsolation && empty(appSubnetId)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourceGroup}-archivist-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${abbreviations.managedIdentity}-archivist-${token}'
    location: location
    tags: tags
  }
}

module telemetry 'modules/telemetry.bicep' = {
  name: 'telemetry'
  scope: group
  params: {
    workspaceName: '${abbreviations.logAnalyticsWorkspace}-archivist-${token}'
    componentName: '${abbreviations.applicationInsights}-archivist-${token}'
    location: location
    tags: tags
    retentionInDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
    principalId: identity.outputs.principalId
  }
}

module state 'modules/state-account.bicep' = {
  name: 'state-account'
  scope: group
  params: {
    name: '${abbreviations.storageAccount}archivist${token}'
    location: location
    tags: tags
    sku: stateSku
    isolated: networkIsolation
  }
}

module contents 'modules/state-contents.bicep' = {
  name: 'state-contents'
  scope: group
  params: {
    accountName: state.outputs.name
    packageContainer: packageContainer
    sharedConfiguration: sharedConfiguration
    configurationContainer: configurationContainer
    ledgerRetentionDays: ledgerRetentionDays
  }
}

module stateAccess 'modules/state-access.bicep' = {
  name: 'state-access'
  scope: group
  params: {
    accountName: state.outputs.name
    principalId: identity.outputs.principalId
  }
}

module vault 'modules/vault.bicep' = if (!empty(channelSettings)) {
  name: 'vault'
  scope: group
  params: {
    name: '${abbreviations.keyVault}-archivist-${take(token, 8)}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    purgeProtection: vaultPurgeProtection
    isolated: networkIsolation
  }
}

module receivers 'modules/action-group.bicep' = if (!empty(alertEmails)) {
  name: 'action-group'
  scope: group
  params: {
    name: '${abbreviations.actionGroup}-archivist-${token}'
    tags: tags
    emails: alertEmails
  }
}

module estate 'modules/estate.bicep' = {
  name: 'archivist-estate-${token}'
  params: {
    environmentName: environmentName
    token: token
    tags: tags
    sources: sources
    stateGroupName: group.name
    stateAccountName: state.outputs.name
    stateAccountId: state.outputs.id
    deadLetterContainer: deadLetterContainer
    principalId: identity.outputs.principalId
    mayDelete: retentionEnforce && retentionExecutor == 'archivist'
    checkConfiguration: checkConfiguration
    hasReceivers: !empty(alertEmails)
    actionGroupId: empty(alertEmails) ? '' : receivers!.outputs.id
  }
  dependsOn: [contents]
}

module changes 'modules/change-alarm.bicep' = if (changeAlarm) {
  name: 'archivist-change-alarm-${token}'
  params: {
    token: token
    tags: tags
    watched: union([bastionResourceId], map(filter(sources, source => source.kind == 'recordings'), source => source.accountId))
    topicNames: changeAlarmTopicNames
    stateGroupName: group.name
    stateAccountName: state.outputs.name
    stateAccountId: state.outputs.id
    deadLetterContainer: deadLetterContainer
    hasReceivers: !empty(alertEmails)
    actionGroupId: empty(alertEmails) ? '' : receivers!.outputs.id
  }
  dependsOn: [contents]
}

module bastionReader 'modules/bastion-reader.bicep' = if (checkConfiguration) {
  name: 'archivist-reader-${token}'
  scope: resourceGroup(bastion.subscription, bastion.group)
  params: {
    bastionName: bastion.name
    principalId: identity.outputs.principalId
  }
}

module liveSessionsAccess 'modules/live-sessions.bicep' = if (liveSessions) {
  name: 'archivist-live-sessions-${token}'
  scope: resourceGroup(bastion.subscription, bastion.group)
  params: {
    bastionName: bastion.name
    environmentName: environmentName
    token: token
    principalId: identity.outputs.principalId
  }
}

module diagnostics 'modules/diagnostics.bicep' = if (bastionDiagnostics) {
  name: 'archivist-diagnostics-${token}'
  scope: resourceGroup(bastion.subscription, bastion.group)
  params: {
    bastionName: bastion.name
    storageAccountId: auditAccountId
  }
}

// After the event subscriptions: an older edition of the documentation says that an exact origin can be in their way.
module cors 'modules/cors.bicep' = if (!empty(corsOrigin)) {
  name: 'archivist-cors-${token}'
  scope: resourceGroup(recordings.subscription, recordings.group)
  params: {
    accountName: recordings.name
    origin: corsOrigin
  }
  dependsOn: [estate]
}

module network 'modules/network.bicep' = if (ownNetwork) {
  name: 'network'
  scope: group
  params: {
    name: '${abbreviations.virtualNetwork}-archivist-${token}'
    location: location
    tags: tags
    addressPrefix: networkAddressPrefix
  }
}

module stateEndpoints 'modules/private-endpoint.bicep' = [for service in ['blob', 'queue', 'table']: if (networkIsolation) {
  name: 'private-endpoint-${service}'
  scope: group
  params: {
    name: '${abbreviations.privateEndpoint}-archivist-${service}-${token}'
    location: location
    tags: tags
    subnetId: ownNetwork ? network!.outputs.endpointSubnetId : endpointSubnetId
    targetId: state.outputs.id
    service: service
    zoneId: ownNetwork ? network!.outputs.zoneIds[service] : ''
  }
}]

module vaultEndpoint 'modules/private-endpoint.bicep' = if (networkIsolation && !empty(channelSettings)) {
  name: 'private-endpoint-vault'
  scope: group
  params: {
    name: '${abbreviations.privateEndpoint}-archivist-vault-${token}'
    location: location
    tags: tags
    subnetId: ownNetwork ? network!.outputs.endpointSubnetId : endpointSubnetId
    targetId: vault!.outputs.id
    service: 'vault'
    zoneId: ownNetwork ? network!.outputs.zoneIds.vault : ''
  }
}

module appEndpoint 'modules/private-endpoint.bicep' = if (networkIsolation) {
  name: 'private-endpoint-sites'
  scope: group
  params: {
    name: '${abbreviations.privateEndpoint}-archivist-sites-${token}'
    location: location
    tags: tags
    subnetId: ownNetwork ? network!.outputs.endpointSubnetId : endpointSubnetId
    targetId: app.outputs.id
    service: 'sites'
    zoneId: ownNetwork ? network!.outputs.zoneIds.sites : ''
  }
}

module app 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: '${abbreviations.functionApp}-archivist-${token}'
    planName: '${abbreviations.plan}-archivist-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    blobEndpoint: state.outputs.blobEndpoint
    queueEndpoint: state.outputs.queueEndpoint
    tableEndpoint: state.outputs.tableEndpoint
    packageContainer: packageContainer
    sharedConfiguration: sharedConfiguration
    configurationContainer: configurationContainer
    componentName: telemetry.outputs.componentName
    bastionResourceId: bastionResourceId
    recordingsAccountUrl: estate.outputs.recordingsAccountUrl
    recordingsContainer: recordingsContainer
    auditAccountUrl: estate.outputs.auditAccountUrl
    channelSettings: channelSettings
    vaultUri: empty(channelSettings) ? '' : vault!.outputs.uri
    pageAuthentication: !empty(pageClientId)
    subnetId: !networkIsolation ? '' : ownNetwork ? network!.outputs.appSubnetId : appSubnetId
    publicAccess: appPublicAccess
    maximumInstances: maximumInstances
  }
  dependsOn: [contents, stateAccess, stateEndpoints]
}

module pageAuthentication 'modules/page-authentication.bicep' = if (!empty(pageClientId)) {
  name: 'page-authentication'
  scope: group
  params: {
    appName: app.outputs.name
    tenantId: empty(pageTenantId) ? tenant().tenantId : pageTenantId
    clientId: pageClientId
  }
}

module queries 'modules/workbook.bicep' = if (workbook) {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: telemetry.outputs.workspaceId
  }
}

module alerts 'modules/log-alerts.bicep' = if (!empty(alertEmails)) {
  name: 'log-alerts'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: telemetry.outputs.workspaceId
    actionGroupId: receivers!.outputs.id
    oldestMessageMinutes: oldestMessageMinutes
    failedInvocations: failedInvocations
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0 && !empty(alertEmails)) {
  name: 'budget'
  scope: group
  params: {
    amount: monthlyBudget
    emails: alertEmails
    startDate: budgetStartDate
  }
}

@description('The resource group with everything of ours.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The name of the function app.')
output ARCHIVIST_APP_NAME string = app.outputs.name

@description('Where the function app answers.')
output ARCHIVIST_APP_URL string = app.outputs.url

@description('The name of our own storage account.')
output ARCHIVIST_STATE_ACCOUNT string = state.outputs.name

@description('Where the configuration is that people push; empty where it is in the package.')
output ARCHIVIST_CONFIGURATION_URL string = app.outputs.configurationUrl

@description('The name of the vault; empty where there is none.')
output ARCHIVIST_VAULT_NAME string = empty(channelSettings) ? '' : vault!.outputs.name
