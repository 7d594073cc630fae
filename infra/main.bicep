// Bastion Archivist next to an existing bastion and existing storage accounts. README.md explains every choice.
targetScope = 'subscription'

@description('Bastion, with the containers that it writes into.')
type bastionSource = {
  @description('Resource id of the bastion.')
  resourceId: string

  @description('Resource id of the storage account with its recordings.')
  recordingsAccountId: string

  @description('Container with its recordings.')
  recordingsContainer: string

  @description('Resource id of the storage account with its audit log; empty if there is none.')
  auditAccountId: string
}

@description('Further container with recordings or audit logs.')
type furtherSource = {
  @description('Resource id of the storage account.')
  accountId: string

  @description('Name of the container.')
  container: string

  @description('Contents of the container.')
  kind: 'recordings' | 'audit'
}

@description('Log of the accesses of recordings, for one account with recordings.')
type accessLog = {
  @description('Resource id of the storage account with the recordings.')
  recordingsAccountId: string

  @description('Resource id of the storage account that receives the log: another one in the same region.')
  logAccountId: string

  @description('Creates the diagnostic setting. Only for an account that has none with this destination.')
  createSetting: bool
}

@description('Person or group that works with the command line.')
type commandLineUser = {
  @description('Object id in Microsoft Entra ID.')
  principalId: string

  @description('Kind of principal.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@description('Name of this environment, part of all resource names.')
@minLength(1)
@maxLength(20)
param environmentName string

@description('Region of all our resources, preferably that of the recordings.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Bastions, at least one. archivist init writes them to bastions.json; archivist.yaml must name them, too.')
param bastions bastionSource[] = loadJsonContent('bastions.json').bastions

@description('Names of existing system topics of storage accounts, by the name of the account in lower case. Each needs a system-assigned identity.')
param topicNames object = loadJsonContent('bastions.json').topicNames

@description('Containers that no bastion writes into any more; archivist.yaml must name them, too.')
param furtherSources furtherSource[] = []

@description('Deletes recordings that are due: as retention.enforce in archivist.yaml.')
param retentionEnforce bool = false

@description('Executor of deletions: as retention.executor in archivist.yaml.')
@allowed(['archivist', 'lifecycle'])
param retentionExecutor string = 'archivist'

@description('Days during which lines of the ledger cannot be changed or deleted; 0 for no policy.')
@minValue(0)
@maxValue(146000)
param ledgerRetentionDays int = 0

@description('True once you have locked the policy of the ledger; Azure refuses to write a locked policy again.')
param ledgerPolicyLocked bool = false

@description('Uses a configuration that people push to a blob of our storage account, instead of the file in the package. Push first.')
param sharedConfiguration bool = false

@description('Gives the app the right to read the settings of bastions and storage accounts, for its checks.')
param checkConfiguration bool = true

@description('Gives the app the right to list the running sessions of the bastions, for its page.')
param liveSessions bool = false

@description('Reports changes of the bastions and of the accounts with recordings, audit logs and accesses within minutes.')
param changeAlarm bool = true

@description('Names of existing system topics of resource groups, by subscription id, slash and group name in lower case.')
param changeAlarmTopicNames object = loadJsonContent('bastions.json').changeAlarmTopicNames

@description('Resource ids or names of bastions whose audit log is not exported yet: creates the diagnostic setting. Only those that have none for this account.')
param bastionDiagnostics array = []

@description('Logs of the accesses of recordings; access_logs in archivist.yaml must name their accounts, too.')
param accessLogs accessLog[] = []

@description('Origins of bastions by the name of the account with their recordings, for the CORS rule with which the portal plays recordings. Replaces the settings of the account\'s blob service.')
param corsOrigins object = {}

@description('App settings of channels named in archivist.yaml, for example TEAMS_SECURITY_URL. Each refers to a secret of the vault, with - for _.')
param channelSettings array = []

@description('Further app settings, for example OTEL_EXPORTER_OTLP_ENDPOINT. Ours of the same name win.')
param extraSettings object = {}

@description('Prevents the purge of a deleted vault for 90 days, which also reserves its name. Cannot be undone. Enable in production.')
param vaultPurgeProtection bool = false

@description('Recovers the deleted vault of this environment instead of creating one. Set to true for one deployment.')
param vaultRecover bool = false

@description('People and groups that run backfill, hold and doctor; they get the rights for these commands.')
param operators commandLineUser[] = []

@description('Resource id of an existing role for the app on containers with recordings; empty to create one.')
param recordingsRoleId string = ''

@description('Resource id of an existing role for operators on containers with recordings; empty to create one.')
param operatorRoleId string = ''

@description('Resource id of an existing role that lists running sessions of a bastion; empty to create one.')
param liveSessionsRoleId string = ''

@description('Client id of the app registration for the page; empty for no page.')
param pageClientId string = ''

@description('Tenant for sign-in to the page; empty for the tenant of this subscription.')
param pageTenantId string = ''

@description('Closes our storage account and vault to everything but private endpoints and Azure services.')
param networkIsolation bool = false

@description('Address range of the created virtual network, at least a /26.')
param networkAddressPrefix string = '10.90.0.0/26'

@description('Resource id of an existing subnet for outgoing calls, delegated to Microsoft.App/environments; empty for a created one with networkIsolation, and for none without.')
param appSubnetId string = ''

@description('Resource id of an existing subnet for private endpoints, with networkIsolation; empty to create a network. Needs appSubnetId.')
param endpointSubnetId string = ''

@description('Opens the app to the internet: page, API and deployments. Only networkIsolation gives it another way in.')
param appPublicAccess bool = true

@description('Redundancy of our storage account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param stateSku string = 'Standard_ZRS'

@description('Maximum number of instances of the app.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Retention of log lines in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Creates a workbook with queries over the log lines.')
param workbook bool = true

@description('Maximum of GB of log lines accepted per day; -1 for no maximum.')
param logDailyQuotaGb int = 1

@description('Mail addresses of the recipients of alerts; without one there are no alert rules.')
param alertEmails array = []

@description('Age of a queue message, in minutes, above which an alert fires.')
@minValue(1)
param oldestMessageMinutes int = 15

@description('Number of failed invocations in a quarter of an hour above which an alert fires.')
@minValue(0)
param failedInvocations int = 20

@description('Monthly budget of our resource group, in the currency of the subscription; 0 for none. Needs alertEmails and budgetStartDate.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month in which the budget is created, for example 2026-12-01. Keep the value: Azure refuses a change.')
param budgetStartDate string = ''

@description('Further tags of all our resources.')
param extraTags object = {}

var abbreviations = loadJsonContent('abbreviations.json')

var token = uniqueString(subscription().id, environmentName, location)

var tags = union(extraTags, { 'azd-env-name': environmentName })

var packageContainer = 'app-package'

var deadLetterContainer = 'dead-letters'

// Container of the pushed configuration.
var configurationContainer = 'configuration'

// Recordings of all bastions first, then their audit logs, then further containers. Ids are in lower case, so names
// derived from them do not depend on how an id is written.
var writtenSources = concat(
  map(bastions, bastion => {
    accountId: toLower(bastion.recordingsAccountId)
    container: bastion.recordingsContainer
    kind: 'recordings'
    topicName: topicNames[?toLower(last(split(bastion.recordingsAccountId, '/')))] ?? ''
  }),
  map(filter(bastions, bastion => !empty(bastion.auditAccountId)), bastion => {
    accountId: toLower(bastion.auditAccountId)
    container: 'insights-logs-bastionauditlogs'
    kind: 'audit'
    topicName: topicNames[?toLower(last(split(bastion.auditAccountId, '/')))] ?? ''
  }),
  map(furtherSources, source => {
    accountId: toLower(source.accountId)
    container: source.container
    kind: source.kind
    topicName: topicNames[?toLower(last(split(source.accountId, '/')))] ?? ''
  })
)

// Each container once: several bastions may send their audit logs to one account.
var sourceKeys = union([], map(writtenSources, source => '${source.kind} ${source.accountId} ${source.container}'))

var sources = map(sourceKeys, key => filter(writtenSources, source => '${source.kind} ${source.accountId} ${source.container}' == key)[0])

var recordingAccountIds = union([], map(filter(sources, source => source.kind == 'recordings'), source => source.accountId))

// Accounts that receive accesses. The platform sends no log into the account that it is about.
var accessLogAccountIds = union([], map(accessLogs, log => toLower(log.logAccountId)))

var loggedAccountKeys = union([], map(filter(accessLogs, log => log.createSetting), log => toLower('${log.recordingsAccountId} ${log.logAccountId}')))

var loggedAccountIds = union([], map(filter(accessLogs, log => log.createSetting), log => toLower(log.recordingsAccountId)))

var bastionIds = union([], map(bastions, bastion => toLower(bastion.resourceId)))

var bastionGroups = union([], map(bastionIds, id => '${split(id, '/')[2]}/${split(id, '/')[4]}'))

var diagnosticKeys = map(bastionDiagnostics, key => toLower(key))

var diagnosedBastions = filter(bastions, bastion => contains(diagnosticKeys, toLower(bastion.resourceId)) || contains(diagnosticKeys, toLower(last(split(bastion.resourceId, '/')))))

var unclearDiagnostics = filter(diagnosticKeys, key => length(filter(bastionIds, id => id == key || last(split(id, '/')) == key)) != 1)

var recordingAccountNames = map(recordingAccountIds, id => last(split(id, '/')))

var unknownOrigins = filter(objectKeys(corsOrigins), name => !contains(recordingAccountNames, toLower(name)))

// Parameters that contradict one another or would have no effect. With one, the deployment fails before it creates anything.
var problems = filter([
  networkIsolation && empty(appSubnetId) != empty(endpointSubnetId) ? 'appSubnetId and endpointSubnetId: give both or none' : ''
  !networkIsolation && !empty(endpointSubnetId) ? 'endpointSubnetId: has no effect without networkIsolation' : ''
  !networkIsolation && !appPublicAccess ? 'appPublicAccess: false needs networkIsolation, because the app could not be reached without a private endpoint' : ''
  !empty(unclearDiagnostics) ? 'bastionDiagnostics: not exactly one of the bastions, write its resource id: ${join(unclearDiagnostics, ', ')}' : ''
  !empty(filter(diagnosedBastions, bastion => empty(bastion.auditAccountId))) ? 'bastionDiagnostics: a bastion has no auditAccountId in bastions' : ''
  length(loggedAccountKeys) != length(loggedAccountIds) ? 'accessLogs: two entries with createSetting have the same recordingsAccountId' : ''
  !empty(filter(accessLogs, log => toLower(log.recordingsAccountId) == toLower(log.logAccountId))) ? 'accessLogs: logAccountId is recordingsAccountId, but the platform sends no log into the account that it is about' : ''
  !empty(unknownOrigins) ? 'corsOrigins: no account with recordings of these names: ${join(unknownOrigins, ', ')}' : ''
  monthlyBudget > 0 && (empty(alertEmails) || empty(budgetStartDate)) ? 'monthlyBudget: needs alertEmails and budgetStartDate' : ''
], problem => !empty(problem))

// Without any bastion the deployment fails here: run archivist init first.
var firstBastion = bastions[0]

var ownNetwork = networkIsolation && empty(appSubnetId)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourceGroup}-archivist-${environmentName}'
  // All other resources need the group.
  location: empty(problems) ? location : fail(join(problems, '; '))
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
    ledgerPolicyLocked: ledgerPolicyLocked
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

module operatorAccess 'modules/operator-access.bicep' = [for (operator, index) in operators: {
  name: 'operator-access-${index}'
  scope: group
  params: {
    accountName: state.outputs.name
    principalId: operator.principalId
    principalType: operator.principalType
  }
}]

module vault 'modules/vault.bicep' = if (!empty(channelSettings)) {
  name: 'vault'
  scope: group
  params: {
    name: '${abbreviations.keyVault}-archivist-${take(token, 8)}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    purgeProtection: vaultPurgeProtection
    recover: vaultRecover
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
    accessLogAccountIds: accessLogAccountIds
    firstAuditAccountId: firstBastion.auditAccountId
    stateGroupName: group.name
    stateAccountName: state.outputs.name
    deadLetterContainer: deadLetterContainer
    principalId: identity.outputs.principalId
    operators: operators
    recordingsRoleId: recordingsRoleId
    operatorRoleId: operatorRoleId
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
    watched: union(bastionIds, map(sources, source => source.accountId), accessLogAccountIds)
    topicNames: changeAlarmTopicNames
    stateGroupName: group.name
    stateAccountName: state.outputs.name
    deadLetterContainer: deadLetterContainer
    hasReceivers: !empty(alertEmails)
    actionGroupId: empty(alertEmails) ? '' : receivers!.outputs.id
  }
  dependsOn: [contents]
}

module bastionReader 'modules/bastion-reader.bicep' = [for id in bastionIds: if (checkConfiguration || !empty(operators)) {
  name: 'archivist-reader-${uniqueString(id)}-${token}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    bastionName: last(split(id, '/'))
    principals: concat(checkConfiguration ? [{ principalId: identity.outputs.principalId, principalType: 'ServicePrincipal' }] : [], operators)
  }
}]

// By resource group, because the bastions of one share the role.
module liveSessionsAccess 'modules/live-sessions.bicep' = [for path in bastionGroups: if (liveSessions) {
  name: 'archivist-live-sessions-${token}'
  scope: resourceGroup(split(path, '/')[0], split(path, '/')[1])
  params: {
    bastionNames: map(filter(bastionIds, id => '${split(id, '/')[2]}/${split(id, '/')[4]}' == path), id => last(split(id, '/')))
    environmentName: environmentName
    token: token
    roleId: liveSessionsRoleId
    principalId: identity.outputs.principalId
  }
}]

module diagnostics 'modules/diagnostics.bicep' = [for bastion in diagnosedBastions: {
  name: 'archivist-diagnostics-${uniqueString(toLower(bastion.resourceId))}-${token}'
  scope: resourceGroup(split(bastion.resourceId, '/')[2], split(bastion.resourceId, '/')[4])
  params: {
    bastionName: last(split(bastion.resourceId, '/'))
    storageAccountId: bastion.auditAccountId
  }
}]

module accessDiagnostics 'modules/access-diagnostics.bicep' = [for key in loggedAccountKeys: {
  name: 'archivist-accesses-${uniqueString(key)}-${token}'
  scope: resourceGroup(split(key, '/')[2], split(key, '/')[4])
  params: {
    accountName: last(split(split(key, ' ')[0], '/'))
    storageAccountId: split(key, ' ')[1]
  }
}]

// After the event subscriptions: according to older documentation, an exact origin can block them.
module cors 'modules/cors.bicep' = [for id in recordingAccountIds: if (contains(corsOrigins, last(split(id, '/')))) {
  name: 'archivist-cors-${uniqueString(id)}-${token}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    accountName: last(split(id, '/'))
    origins: corsOrigins[?last(split(id, '/'))] ?? []
  }
  dependsOn: [subscriptions]
}]

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
    bastionResourceId: firstBastion.resourceId
    recordingsAccountUrl: estate.outputs.recordingsAccountUrl
    recordingsContainer: firstBastion.recordingsContainer
    auditAccountUrl: estate.outputs.auditAccountUrl
    channelSettings: channelSettings
    vaultUri: empty(channelSettings) ? '' : vault!.outputs.uri
    extraSettings: extraSettings
    pageClientId: pageClientId
    pageTenantId: empty(pageTenantId) ? tenant().tenantId : pageTenantId
    subnetId: ownNetwork ? network!.outputs.appSubnetId : appSubnetId
    publicAccess: appPublicAccess
    maximumInstances: maximumInstances
  }
  dependsOn: [contents, stateAccess, stateEndpoints]
}

// Last: Event Grid tests the rights of a topic when it creates a subscription, and rights take minutes to take effect.
module subscriptions 'modules/event-subscriptions.bicep' = {
  name: 'archivist-subscriptions-${token}'
  params: {
    token: token
    sources: sources
    topicNames: estate.outputs.topicNames
    changeTopics: changeAlarm ? changes!.outputs.topics : []
    stateAccountId: state.outputs.id
    deadLetterContainer: deadLetterContainer
  }
  dependsOn: [app]
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

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  scope: group
  params: {
    amount: monthlyBudget
    emails: alertEmails
    startDate: budgetStartDate
  }
}

@description('Resource group of our resources.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output ARCHIVIST_APP_NAME string = app.outputs.name

@description('Address of the function app.')
output ARCHIVIST_APP_URL string = app.outputs.url

@description('Name of our storage account.')
output ARCHIVIST_STATE_ACCOUNT string = state.outputs.name

@description('Address of the pushed configuration; empty if the package contains it.')
output ARCHIVIST_CONFIGURATION_URL string = app.outputs.configurationUrl

@description('Name of the vault; empty without one.')
output ARCHIVIST_VAULT_NAME string = empty(channelSettings) ? '' : vault!.outputs.name
