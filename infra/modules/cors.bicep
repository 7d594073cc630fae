// The CORS rule by which the portal plays recordings. It takes the place of all settings of the account's blob service
// that can be set by a template, CORS rules of others included: that is why nobody gets it without asking.

@description('The name of the storage account with the recordings.')
param accountName string

@description('The origin of the bastion, as https://bst-00000000-0000-0000-0000-000000000000.bastion.azure.com, without a slash at its end.')
param origin string

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
          allowedOrigins: [origin]
          allowedMethods: ['GET']
          allowedHeaders: ['*']
          exposedHeaders: ['*']
          maxAgeInSeconds: 86400
        }
      ]
    }
  }
}
