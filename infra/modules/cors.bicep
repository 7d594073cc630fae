// CORS rule with which the portal plays recordings. It replaces all settings of the account's blob service, foreign CORS
// rules included; therefore it is created only on request.

@description('Name of the storage account with the recordings.')
param accountName string

@description('Origins of the bastions, for example https://bst-00000000-0000-0000-0000-000000000000.bastion.azure.com without a final slash.')
param origins array

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    cors: {
      corsRules: [
        {
          allowedOrigins: origins
          allowedMethods: ['GET']
          allowedHeaders: ['*']
          exposedHeaders: ['*']
          maxAgeInSeconds: 86400
        }
      ]
    }
  }
}
