// App Service authentication in front of the page: every request needs a signed-in user. The page itself then requires
// the app role Archivist.Reader.

@description('Name of the app.')
param appName string

@description('Id of the tenant for sign-in.')
param tenantId string

@description('Client id of the app registration.')
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
      // Only the API, for which the host requires a function key. /admin and /runtime stay behind the sign-in: they
      // accept the host's master key and webhooks, and the archivist has no trigger for webhooks.
      excludedPaths: ['/api/v1/*']
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
