// Containers, queues and tables of our storage account. The app creates missing ones; with this module, it need not.

@description('Name of the storage account.')
param accountName string

@description('Container of the deployed package.')
param packageContainer string

@description('Creates the container of a configuration that people push.')
param sharedConfiguration bool

@description('Name of that container.')
param configurationContainer string

@description('Days during which lines of the ledger cannot be changed or deleted; 0 for no policy. Lines can still be added.')
@minValue(0)
@maxValue(146000)
param ledgerRetentionDays int

@description('True once the policy of the ledger is locked: the template then leaves the policy alone, because Azure refuses to write a locked one.')
param ledgerPolicyLocked bool

var containers = [
  'dead-letters'
  'quarantine'
]

// Queues of the app, each with its poison queue of the host.
var queues = [
  'audit-log-events'
  'audit-log-events-poison'
  'hashes'
  'hashes-poison'
  'notifications'
  'notifications-poison'
  'recording-events'
  'recording-events-poison'
  'resource-events'
  'resource-events-poison'
]

var tables = [
  'checkpoints'
  'entries'
  'notifications'
  'sessions'
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource package 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobService
  name: packageContainer
}

resource configuration 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = if (sharedConfiguration) {
  parent: blobService
  name: configurationContainer
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [for name in containers: {
  parent: blobService
  name: name
}]

resource ledger 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobService
  name: 'ledger'
}

resource ledgerPolicy 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01' = if (ledgerRetentionDays > 0 && !ledgerPolicyLocked) {
  parent: ledger
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: ledgerRetentionDays
    // The app adds lines to append blobs for ever.
    allowProtectedAppendWrites: true
  }
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [for name in queues: {
  parent: queueService
  name: name
}]

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [for name in tables: {
  parent: tableService
  name: name
}]
