// App Service authentication in front of the page: nobody gets there who is not signed in. Who may see something is
// decided by the page itself, which asks for the app role Archivist.Reader.

@description('The name of the app.')
param appName string

@description('The tenant that people sign in to.')
param tenantId string

@description('The client id of the app registration.')
param clientId string

resource site 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName
}

resource authentication 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true, runtimeVersion: '~1' }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      // The host itself asks for a key there.
      excludedPaths: ['/api/*', '/admin/*', '/runtime/*']
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenantId}/v2.0'
        }
        validation: { allowedAudiences: [clientId, 'api://${clientId}'] }
      }
    }
    login: {
      tokenStore: { enabled: false }
    }
  }
}
