// Our storage account: package, queues, tables, quarantine, dead letters and ledger.

@description('Name of the resource.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region of the resources.')
param location string

@description('Tags of all our resources.')
param tags object

@description('SKU, which sets the redundancy.')
param sku string

@description('Closes the account to everything but private endpoints and Azure services.')
param isolated bool

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // Not Disabled even with isolation: that would also end the exception for Azure services.
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      // Event Grid needs this exception to deliver and to dead-letter.
      bypass: 'AzureServices'
      defaultAction: isolated ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 14 }
    containerDeleteRetentionPolicy: { enabled: true, days: 14 }
  }
}

@description('Resource id of the created resource.')
output id string = account.id

@description('Name of the resource.')
output name string = account.name

@description('Endpoint of its blob service.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('Endpoint of its queue service.')
output queueEndpoint string = account.properties.primaryEndpoints.queue

@description('Endpoint of its table service.')
output tableEndpoint string = account.properties.primaryEndpoints.table
