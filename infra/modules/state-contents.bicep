// What stands in the storage account of our own. The app would make what is missing; this way it need not.

@description('The name of the storage account.')
param accountName string

@description('The container of the deployed package.')
param packageContainer string

@description('Whether the app works by a configuration that people push.')
param sharedConfiguration bool

@description('The container of that configuration.')
param configurationContainer string

@description('For how many days nobody can change or delete what stands in the ledger; 0 for no such policy. Lines can be added all the same.')
@minValue(0)
@maxValue(146000)
param ledgerRetentionDays int

var containers = [
  'dead-letters'
  'quarantine'
]

// Each queue of the app, and where the host puts what failed too often.
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
  'lookup'
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

resource ledgerPolicy 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01' = if (ledgerRetentionDays > 0) {
  parent: ledger
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: ledgerRetentionDays
    // The ledger is append blobs, and lines are added for ever.
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
